#include "ui/dialogs/key_card.h"

#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace auroraedge::ui {

namespace {
constexpr int kWidthPx = 640;
}

KeyMeanings commonKeys()
{
    return {{KeyCard::tr("Ctrl+1–6"), KeyCard::tr("page")}, {KeyCard::tr("Tab"), KeyCard::tr("next part of the page")},
            {KeyCard::tr("Esc"), KeyCard::tr("back")}, {QStringLiteral("?"), KeyCard::tr("this card")}};
}

KeyMeanings liveKeys()
{
    return KeyMeanings{{KeyCard::tr("F1–F8"), KeyCard::tr("preset question")},
                       {KeyCard::tr("Space"), KeyCard::tr("ask, or ask again")},
                       {QStringLiteral("/"), KeyCard::tr("type a question")},
                       {QStringLiteral("F"), KeyCard::tr("freeze, go live")},
                       {QStringLiteral("D"), KeyCard::tr("draw the part to ask about")},
                       {QStringLiteral("T"), KeyCard::tr("trigger")},
                       {KeyCard::tr("Enter"), KeyCard::tr("confirm the NG")},
                       {QStringLiteral("O"), KeyCard::tr("overrule the NG")},
                       {KeyCard::tr("1–5"), KeyCard::tr("reason for overruling")},
                       {QStringLiteral("Z"), KeyCard::tr("take the last judgement back")},
                       {QStringLiteral("J, K"), KeyCard::tr("older, newer answer")},
                       {KeyCard::tr("Home, End"), KeyCard::tr("whole picture, 100 %")}}
        + commonKeys();
}

KeyMeanings reviewKeys()
{
    return KeyMeanings{{QStringLiteral("A"), KeyCard::tr("agree")},
                       {QStringLiteral("O, N, U"), KeyCard::tr("it is OK, NG, UNSURE")},
                       {KeyCard::tr("1–9"), KeyCard::tr("NG with a class")},
                       {QStringLiteral("M"), KeyCard::tr("note")},
                       {QStringLiteral("H"), KeyCard::tr("hold, release")},
                       {QStringLiteral("T"), KeyCard::tr("tags")},
                       {QStringLiteral("Z"), KeyCard::tr("take back")},
                       {QStringLiteral("J, K"), KeyCard::tr("next, previous")},
                       {KeyCard::tr("Enter"), KeyCard::tr("agree with all that are shown")},
                       {QStringLiteral("X"), KeyCard::tr("leave this one out")},
                       {QStringLiteral("W"), KeyCard::tr("who judges")},
                       {QStringLiteral("P"), KeyCard::tr("large picture")},
                       {QStringLiteral("C"), KeyCard::tr("compare two")},
                       {QStringLiteral("E"), KeyCard::tr("export")},
                       {QStringLiteral("R"), KeyCard::tr("try again what was not stored")},
                       {QStringLiteral("/"), KeyCard::tr("find words")},
                       {QStringLiteral("F5"), KeyCard::tr("show new answers")},
                       {QStringLiteral("+, −"), KeyCard::tr("zoom")},
                       {KeyCard::tr("Home, End"), KeyCard::tr("whole picture, 100 %")}}
        + commonKeys();
}

KeyCard::KeyCard(QWidget *parent) : FloatingCard(kWidthPx, parent)
{
    setObjectName(QStringLiteral("keyCard"));
    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("keyCardTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("type", QStringLiteral("heading"));
    auto *closing = new QPushButton(tr("Close"), this);
    closing->setObjectName(QStringLiteral("keyCardClose"));
    closing->setAutoDefault(false);
    m_grid = new QGridLayout;
    m_grid->setHorizontalSpacing(space::kM);
    m_grid->setVerticalSpacing(space::kXs);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(3, 1);
    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(closing);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kL, space::kL, space::kL);
    column->setSpacing(space::kM);
    column->addLayout(head);
    column->addLayout(m_grid);
    connect(closing, &QPushButton::clicked, this, &KeyCard::close);
    setFirst(closing);
}

void KeyCard::show(const QString &page, const KeyMeanings &keys)
{
    m_title->setText(tr("Keys of the page %1").arg(page));
    qDeleteAll(m_labels);
    m_labels.clear();
    const int rows = (int(keys.size()) + 1) / 2; // in two columns, read downwards
    for (int i = 0; i < keys.size(); ++i) {
        const auto add = [this, row = i % rows](const QString &text, int column, const char *tone) {
            auto *label = new QLabel(text, this);
            label->setTextFormat(Qt::PlainText);
            label->setProperty("type", QStringLiteral("label"));
            label->setProperty("tone", QLatin1String(tone));
            label->setAlignment(Qt::AlignLeft | Qt::AlignTop); // both begin on one line where one of them is broken
            m_grid->addWidget(label, row, column);
            m_labels.append(label);
            return label;
        };
        const int column = i < rows ? 0 : 2;
        add(keys.at(i).key, column, "");
        add(keys.at(i).meaning, column + 1, "muted")->setWordWrap(true);
    }
    adjustSize();
    const QWidget *room = parentWidget();
    openAt(QPoint((room->width() + width()) / 2, std::max(0, (room->height() - height()) / 2)), nullptr);
}

void KeyCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Question)
        close();
    else
        FloatingCard::keyPressEvent(event);
}

} // namespace auroraedge::ui
