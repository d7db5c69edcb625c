#pragma once

#include "ui/dialogs/floating_card.h"

#include <QList>
#include <QString>

class QGridLayout;
class QLabel;

namespace auroraedge::ui {

/// A key of a page and what it does there.
struct KeyMeaning
{
    QString key, meaning;
};
using KeyMeanings = QList<KeyMeaning>;

[[nodiscard]] KeyMeanings liveKeys();
[[nodiscard]] KeyMeanings reviewKeys();
[[nodiscard]] KeyMeanings commonKeys(); ///< of every page

/// All keys of the page that is shown. "?" opens and closes it.
class KeyCard final : public FloatingCard
{
    Q_OBJECT

public:
    explicit KeyCard(QWidget *parent);

    /// In the middle of the parent. @param page its name.
    void show(const QString &page, const KeyMeanings &keys);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QLabel *m_title = nullptr;
    QGridLayout *m_grid = nullptr;
    QList<QLabel *> m_labels;
};

} // namespace auroraedge::ui
