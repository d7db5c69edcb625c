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
    /// Fills the card in with a saved camera, before it opens. @param hasPassword one is kept: it stays unless another one
    /// is typed in, or the address leads to another host.
    void edit(const NetworkSource &saved, bool hasPassword);

Q_SIGNALS:
    void testRequested(const auroraedge::ui::NetworkSource &source);
    void testCancelled(); ///< also when the card closes, before a test is over or a camera is kept
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
    void setEdited(const NetworkSource &saved, bool hasPassword);

    QLabel *m_title = nullptr;
    QLineEdit *m_address = nullptr, *m_user = nullptr, *m_password = nullptr, *m_name = nullptr;
    QButtonGroup *m_transport = nullptr, *m_timeout = nullptr;
    QLabel *m_picture = nullptr, *m_result = nullptr;
    QPushButton *m_test = nullptr, *m_save = nullptr;
    SourceTest::Condition m_condition = SourceTest::Condition::None;
    QString m_edited; ///< address of the saved camera that is edited; empty: a new one
    bool m_hasPassword = false;
};

} // namespace auroraedge::ui
