#pragma once

#include "ui/dialogs/floating_card.h"
#include "ui/models/network_source.h"

#include <optional>

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace auroraedge::ui {

/// Where a network camera is typed in, tried out and kept. A password is gone from the card when it closes.
class NetworkCameraCard final : public FloatingCard
{
    Q_OBJECT

public:
    explicit NetworkCameraCard(QWidget *parent);

    void setTest(const SourceTest &test);

Q_SIGNALS:
    void testRequested(const auroraedge::ui::NetworkSource &source);
    void testCancelled();
    void saveRequested(const auroraedge::ui::NetworkSource &source);

private:
    QLineEdit *addField(const QString &name, const QString &label);
    QPushButton *addChoice(QHBoxLayout *row, QButtonGroup *group, int id, const QString &name, const QString &text,
                           const QString &meaning);
    void tryOut();
    void save();
    /// Nothing, with a hint, while the address is none.
    [[nodiscard]] std::optional<NetworkSource> typed();
    void say(const QString &text, const char *tone);
    void forget();

    QLineEdit *m_address = nullptr, *m_user = nullptr, *m_password = nullptr, *m_name = nullptr;
    QButtonGroup *m_transport = nullptr, *m_timeout = nullptr;
    QLabel *m_picture = nullptr, *m_result = nullptr;
    QPushButton *m_test = nullptr, *m_save = nullptr;
    bool m_isTesting = false;
};

} // namespace auroraedge::ui
