#include "ui/panels/model_panel.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QFileDialog>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

namespace auroraedge::ui {

namespace {

constexpr int kPageWidthPx = 880;

QLabel *makeLabel(QWidget *parent, const char *name, const char *type, const char *tone = "")
{
    auto *label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("type", QLatin1String(type));
    label->setProperty("tone", QLatin1String(tone));
    return label;
}

QString countText(qint64 parameters)
{
    const QLocale locale;
    if (parameters >= 1'000'000'000)
        return ModelPanel::tr("%1 billion").arg(locale.toString(double(parameters) / 1e9, 'f', 2));
    return ModelPanel::tr("%1 million").arg(locale.toString(double(parameters) / 1e6, 'f', 1));
}

} // namespace

ModelPanel::ModelPanel(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("modelPanel"));
    auto *page = new QWidget;
    page->setProperty("page", true);
    auto *card = new QFrame(page);
    card->setProperty("card", true);
    card->setMaximumWidth(kPageWidthPx);

    auto *title = makeLabel(page, "modelTitle", "title");
    title->setText(tr("Model"));
    m_name = makeLabel(card, "modelName", "title");
    m_state = makeLabel(card, "modelState", "label", "muted");
    m_progress = new QProgressBar(card);
    m_progress->setTextVisible(false);
    m_progress->setObjectName(QStringLiteral("modelProgress"));
    m_progress->setAccessibleName(tr("Loading"));
    m_open = new QPushButton(tr("Open model folder"), card);
    m_open->setObjectName(QStringLiteral("modelOpen"));
    m_open->setAutoDefault(false);
    m_open->setFocusPolicy(Qt::TabFocus);
    m_cancel = new QPushButton(tr("Cancel loading"), card);
    m_cancel->setObjectName(QStringLiteral("modelCancel"));
    m_cancel->setAutoDefault(false);
    m_cancel->setFocusPolicy(Qt::TabFocus);
    m_warnings = makeLabel(card, "modelWarnings", "label", "warning");
    auto *rule = new QFrame(card);
    rule->setProperty("rule", true);
    m_facts = new QGridLayout;
    m_facts->setHorizontalSpacing(space::kXl);
    m_facts->setVerticalSpacing(space::kM);
    m_facts->setColumnStretch(1, 1);

    auto *names = new QVBoxLayout;
    names->setSpacing(space::kXs);
    names->addWidget(m_name);
    names->addWidget(m_state);
    auto *head = new QHBoxLayout;
    head->setSpacing(space::kL);
    head->addLayout(names, 1);
    head->addWidget(m_cancel, 0, Qt::AlignTop);
    head->addWidget(m_open, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    column->setSpacing(space::kL);
    column->addLayout(head);
    column->addWidget(m_progress);
    column->addWidget(m_warnings);
    column->addWidget(rule);
    column->addLayout(m_facts);

    auto *pageColumn = new QVBoxLayout(page);
    pageColumn->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    pageColumn->setSpacing(space::kL);
    pageColumn->addWidget(title);
    pageColumn->addWidget(card);
    pageColumn->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setObjectName(QStringLiteral("modelScroll"));
    scroll->setAccessibleName(tr("Model"));
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(page);
    page->setAutoFillBackground(false);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(scroll);

    connect(m_open, &QPushButton::clicked, this, &ModelPanel::chooseFolder);
    connect(m_cancel, &QPushButton::clicked, this, &ModelPanel::loadCancelRequested);
    setModelState({});
}

void ModelPanel::setModelState(const ModelState &state)
{
    const bool isLoading = state.condition == ModelCondition::Loading;
    m_name->setText(state.name.isEmpty() ? tr("No model") : state.name);
    switch (state.condition) {
    case ModelCondition::NotLoaded: m_state->setText(tr("Open a model folder to start.")); break;
    case ModelCondition::Loading: m_state->setText(tr("Loading")); break;
    case ModelCondition::Ready: m_state->setText(tr("Ready")); break;
    case ModelCondition::Failed:
        m_state->setText(state.code.isEmpty() ? state.sentence : tr("%1: %2").arg(state.code, state.sentence));
        break;
    }
    m_state->setProperty("tone", state.condition == ModelCondition::Failed ? QStringLiteral("error") : QStringLiteral("muted"));
    m_state->style()->unpolish(m_state);
    m_state->style()->polish(m_state);
    m_progress->setVisible(isLoading);
    m_cancel->setVisible(isLoading);
    m_open->setEnabled(!isLoading);
    m_open->setToolTip(isLoading ? tr("A model is being loaded.") : QString());
    m_progress->setRange(0, state.progress < 0 ? 0 : 1000);
    m_progress->setValue(int(state.progress * 1000));
    m_warnings->setText(state.warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!state.warnings.isEmpty());

    while (QLayoutItem *item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (state.condition != ModelCondition::Ready)
        return;
    const QLocale locale;
    const QList<QPair<QString, QString>> facts{
        {tr("Device"), state.deviceReason.isEmpty() ? state.device : tr("%1 – %2").arg(state.device, state.deviceReason)},
        {tr("Precision"), state.precision},
        {tr("Parameters"), countText(state.parameters)},
        {tr("Memory for weights"), locale.formattedDataSize(state.weightBytes, 1)},
        {tr("Load time"), durationText(state.loadMs)},
        {tr("Picture tokens"), locale.toString(state.visualTokens)},
        {tr("Longest question"), tr("%1 tokens").arg(locale.toString(state.maxQuestionTokens))},
        {tr("Folder"), state.folder},
        {tr("SHA-256"), state.sha256},
    };
    int row = 0;
    for (const auto &[key, value] : facts) {
        auto *keyLabel = makeLabel(this, "", "label", "muted");
        keyLabel->setText(key);
        keyLabel->setWordWrap(false);
        keyLabel->setAlignment(Qt::AlignTop);
        auto *valueLabel = makeLabel(this, "", "label");
        valueLabel->setText(value);
        valueLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_facts->addWidget(keyLabel, row, 0);
        m_facts->addWidget(valueLabel, row, 1);
        ++row;
    }
}

void ModelPanel::chooseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Open a model folder"));
    dialog->setObjectName(QStringLiteral("modelFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &ModelPanel::modelChosen);
    dialog->open();
}

} // namespace auroraedge::ui
