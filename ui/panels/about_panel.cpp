#include "ui/panels/about_panel.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <utility>

namespace auroraedge::ui {

namespace {

constexpr int kPageWidthPx = 880, kKeyColumnPx = 180;

QLabel *makeLabel(QWidget *parent, const QString &text, const char *type, const char *tone = "")
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("type", QLatin1String(type));
    label->setProperty("tone", QLatin1String(tone));
    return label;
}

QFrame *makeTable(QWidget *parent, const QString &title, const QList<std::pair<QString, QString>> &rows)
{
    auto *card = new QFrame(parent);
    card->setProperty("card", true);
    card->setMaximumWidth(kPageWidthPx);
    auto *grid = new QGridLayout(card);
    grid->setContentsMargins(space::kXl, space::kL + 4, space::kXl, space::kL + 4);
    grid->setHorizontalSpacing(space::kXl);
    grid->setVerticalSpacing(space::kS);
    grid->setColumnMinimumWidth(0, kKeyColumnPx);
    grid->setColumnStretch(1, 1);
    grid->addWidget(makeLabel(card, title, "heading"), 0, 0, 1, 2);
    grid->setRowMinimumHeight(0, 32);
    int row = 1;
    for (const auto &[key, value] : rows) {
        grid->addWidget(makeLabel(card, key, "label"), row, 0, Qt::AlignTop);
        grid->addWidget(makeLabel(card, value, "label", "muted"), row, 1);
        ++row;
    }
    return card;
}

} // namespace

AboutPanel::AboutPanel(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("aboutPanel"));
    auto *page = new QWidget;
    page->setProperty("page", true);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    column->addWidget(makeLabel(page, QStringLiteral("AuroraEdge Inspector"), "title"));
    const QString version = QCoreApplication::applicationVersion();
    auto *text = makeLabel(page, tr("Asks a vision-language model on this computer about what a camera sees. Pictures and answers stay on this computer."), "label", "muted");
    text->setMaximumWidth(kPageWidthPx);
    if (!version.isEmpty())
        column->addWidget(makeLabel(page, tr("Version %1").arg(version), "label"));
    column->addWidget(text);
    column->addWidget(makeTable(page, tr("Keys"),
                                {{tr("Space"), tr("Ask about the picture on the screen; with an empty field: the last question again")},
                                 {tr("F1 to F8"), tr("Preset question")},
                                 {tr("Esc"), tr("Go back, or cancel the running question")},
                                 {tr("Enter, O"), tr("Confirm an NG that waits, overrule it")},
                                 {tr("Z"), tr("Take back the last judgement")},
                                 {tr("J, K"), tr("Older and newer answers, with their pictures")},
                                 {tr("D"), tr("Draw the part to ask about: arrows, Shift+arrows, Enter; Delete removes it")},
                                 {tr("T"), tr("Ask again and again, or on motion")},
                                 {tr("F"), tr("Freeze the picture, and go live again")},
                                 {tr("/"), tr("Go to the question field; Up and Down step through earlier questions")},
                                 {tr("Home, End"), tr("Whole picture, one sensor pixel on one screen pixel")},
                                 {tr("+ and -, arrows"), tr("Zoom and move the picture")},
                                 {tr("Ctrl+1 to Ctrl+6"), tr("The pages, in the order of the rail")},
                                 {QStringLiteral("?"), tr("All keys of the page")}}));
    column->addWidget(makeTable(page, tr("Made with"),
                                {{QStringLiteral("Qt 6"), QStringLiteral("LGPL-3.0")},
                                 {QStringLiteral("LibTorch"), QStringLiteral("BSD-3-Clause")},
                                 {QStringLiteral("OpenCV"), QStringLiteral("Apache-2.0")},
                                 {QStringLiteral("SQLite"), tr("public domain")},
                                 {QStringLiteral("SentencePiece"), QStringLiteral("Apache-2.0")},
                                 {QStringLiteral("PCRE2"), QStringLiteral("BSD-3-Clause")},
                                 {QStringLiteral("libsodium"), QStringLiteral("ISC")},
                                 {QStringLiteral("libjpeg-turbo"), QStringLiteral("BSD-3-Clause, IJG")},
                                 {QStringLiteral("JSON for Modern C++"), QStringLiteral("MIT")}}));
    column->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("aboutScroll"));
    scroll->setAccessibleName(tr("About"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(page);
    page->setAutoFillBackground(false);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(scroll);
}

} // namespace auroraedge::ui
