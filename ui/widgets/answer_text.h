#pragma once

#include <QPlainTextEdit>

namespace auroraedge::ui {

class Theme;

/// An answer in the largest size that its length allows: big for a word, smaller for a sentence, scrolling for pages.
/// Text can be selected and copied; keys other than scrolling ones go to the page.
class AnswerText final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit AnswerText(const Theme &theme, QWidget *parent = nullptr);

    void setAnswer(const QString &text);
    void append(const QString &piece);
    [[nodiscard]] QSize sizeHint() const override { return {240, 72}; }

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fitFont();

    const Theme &m_theme;
};

} // namespace auroraedge::ui
