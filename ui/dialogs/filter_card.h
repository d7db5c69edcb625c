#pragma once

#include "ui/dialogs/floating_card.h"

#include <QDateTime>
#include <QListView>
#include <QStandardItemModel>

#include <optional>

class QGridLayout;
class QLabel;

namespace auroraedge::ui {

class ElidedLabel;
class EntryField;
class Theme;

/// Rows to choose from with the keyboard or by touch. Letters go to the row that begins with them.
class ChoiceList final : public QListView
{
    Q_OBJECT

public:
    ChoiceList(const Theme &theme, QWidget *parent);

    struct Row
    {
        QString text, detail; ///< detail: short, at the right; may be empty
        bool isChosen = false;
    };
    void setRows(const QList<Row> &rows);
    void setRemovable(bool isRemovable); ///< each row has a cross, as wide as a finger, that removes it
    [[nodiscard]] bool isRemovable() const { return m_isRemovable; }
    [[nodiscard]] static QRect crossOf(const QRect &row);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(int row);
    void deletePressed(int row);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    QStandardItemModel m_rows;
    bool m_isRemovable = false;
};

/// The list under a chip of the filter bar, with a field below it for what no list can offer.
class FilterCard final : public FloatingCard
{
    Q_OBJECT

public:
    enum class Field {
        Missing = 1,
        Span,   ///< two points in time
        Number, ///< milliseconds
        Name,   ///< of a view to be saved
        Person, ///< name of one
    };

    /// @param name the names of its parts begin with it.
    FilterCard(const Theme &theme, QWidget *parent, const QString &name = QStringLiteral("filter"));

    void setContent(const QString &title, const QList<ChoiceList::Row> &rows, Field field, const QString &note = {});
    void setRows(const QList<ChoiceList::Row> &rows); ///< after one of them was switched

Q_SIGNALS:
    void chosen(int row);
    void deletePressed(int row);
    void spanEntered(const QDateTime &from, const QDateTime &until); ///< invalid: open
    void numberEntered(int milliseconds);
    void nameEntered(const QString &name);

protected:
    void fit() override;

private:
    void enter();

    Field m_field = Field::Missing;
    QLabel *m_title = nullptr;
    ChoiceList *m_list = nullptr;
    ElidedLabel *m_note = nullptr;
    EntryField *m_first = nullptr;
    EntryField *m_second = nullptr;
};

} // namespace auroraedge::ui
