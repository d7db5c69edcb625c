#pragma once

#include "ui/models/source_state.h"

#include <QFrame>
#include <QPointer>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace auroraedge::ui {

class Theme;

/// A card over the page that offers the sources; the live picture goes on behind it. Esc or a choice closes it.
class SourceChooser final : public QFrame
{
    Q_OBJECT

public:
    explicit SourceChooser(const Theme &theme, QWidget *parent);

    void setWebcams(const SourceOptions &webcams);
    /// Opens with its right top corner at @p anchor (parent coordinates), kept inside the parent. A press beside the
    /// card closes it, except on @p opener, which closes it itself.
    void openAt(const QPoint &anchor, QWidget *opener);
    void close();

Q_SIGNALS:
    void chosen(const QString &uri);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    class Entry;
    Entry *addEntry(QVBoxLayout *column, const QString &name, const QString &icon, const QString &title, const QString &detail);
    void choose(const QString &uri);
    void chooseFile();
    void chooseFolder();
    void chooseAddress();

    const Theme &m_theme;
    Entry *m_first = nullptr;
    QVBoxLayout *m_webcams = nullptr;
    QLineEdit *m_address = nullptr;
    QPushButton *m_connect = nullptr;
    QLabel *m_addressHint = nullptr;
    QPointer<QWidget> m_focusBefore;
    QPointer<QWidget> m_opener;
};

} // namespace auroraedge::ui
