#include "ui/panels/model_panel.h"

#include "engine/api/memory_need.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/model_row.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/painting.h"

#include <QButtonGroup>
#include <QDir>
#include <QFileDialog>
#include <QFrame>
#include <QGridLayout>
#include <QHash>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScroller>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace auroraedge::ui {

namespace {

constexpr int kListWidthPx = 320, kFactNamePx = 140;

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

/// Breaks anywhere, as names and hashes do not end by themselves.
ElidedLabel *makeText(QWidget *parent, const char *name, const char *type, int maxLines, const char *tone = "")
{
    auto *label = new ElidedLabel(maxLines, parent);
    label->setObjectName(QLatin1String(name));
    label->setProperty("type", QLatin1String(type));
    label->setProperty("tone", QLatin1String(tone));
    return label;
}

QProgressBar *makeProgress(QWidget *parent, const char *name, const QString &title)
{
    auto *bar = new QProgressBar(parent);
    bar->setTextVisible(false);
    bar->setObjectName(QLatin1String(name));
    bar->setAccessibleName(title);
    return bar;
}

void showProgress(QProgressBar *bar, double share)
{
    bar->setRange(0, share < 0 ? 0 : 1000);
    bar->setValue(int(share * 1000));
}

void setTone(QLabel *label, const QString &tone)
{
    if (label->property("tone").toString() == tone)
        return;
    label->setProperty("tone", tone);
    restyle(label);
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QString valueOf(const QButtonGroup *choice)
{
    return choice->checkedButton()->property("value").toString();
}

/// What the engine asks the device for.
qint64 memoryNeeded(const ModelEntry &entry, bool isOnGpu, const QString &precision)
{
    const Precision held = heldPrecision(precisionNamed(precision.toStdString()), isOnGpu, entry.parameters);
    return auroraedge::memoryNeeded(entry.parameters, held);
}

/// What the engine calls a part of the model, in the words of the window.
QString factName(const QString &name)
{
    const QHash<QString, QString> names{
        {QStringLiteral("vision"), ModelPanel::tr("Vision")},         {QStringLiteral("decoder"), ModelPanel::tr("Decoder")},
        {QStringLiteral("projector"), ModelPanel::tr("Projector")},   {QStringLiteral("compressor"), ModelPanel::tr("Compressor")},
        {QStringLiteral("fusion"), ModelPanel::tr("Fusion")},         {QStringLiteral("patch head"), ModelPanel::tr("Patch head")},
    };
    const QString memory = QStringLiteral("memory "); // in a precision
    return name.startsWith(memory) ? ModelPanel::tr("Memory in %1").arg(name.mid(memory.size())) : names.value(name, name);
}

QString filesText(const ModelEntry &entry)
{
    switch (entry.files) {
    case FilesState::Unchecked: return ModelPanel::tr("not checked yet");
    case FilesState::Good: return ModelPanel::tr("all are as they should be");
    case FilesState::Altered: return ModelPanel::tr("altered or missing: %1").arg(entry.alteredFiles.join(QStringLiteral(", ")));
    case FilesState::NoList: return ModelPanel::tr("there is no SHA256SUMS to compare with");
    }
    return {};
}

QString speedText(const std::optional<ModelSpeed> &speed)
{
    if (!speed)
        return ModelPanel::tr("not measured yet");
    return ModelPanel::tr("%1 an answer, 95 % below %2, on %3 in %4 (%5 answers, %6)")
        .arg(durationText(speed->medianMs), durationText(speed->p95Ms), speed->device, speed->precision, QLocale().toString(speed->answers),
             speed->measuredAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")));
}

} // namespace

ModelPanel::ModelPanel(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("modelPanel"));
    auto *title = makeLabel(this, "modelTitle", "title");
    title->setText(tr("Models"));
    title->setMinimumHeight(kTouchPx); // in line with the pages that have buttons beside it
    m_memory = makeLabel(this, "modelMemory", "label", "muted");
    m_memory->setWordWrap(false);

    auto *head = new QHBoxLayout;
    head->setContentsMargins(0, 0, PageScroll::kMarginPx, 0);
    head->addWidget(title, 1);
    head->addWidget(m_memory);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(space::kL);
    columns->addWidget(makeList());
    columns->addWidget(makeCard(), 1);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(space::kXl, space::kL, space::kXl - PageScroll::kMarginPx, space::kL);
    page->setSpacing(space::kM);
    page->addLayout(head);
    page->addLayout(columns, 1);
    setJob({});
    setGpu(false);
    refresh();
}

QWidget *ModelPanel::makeList()
{
    auto *side = new QWidget(this);
    side->setFixedWidth(kListWidthPx);
    auto *rows = new QWidget;
    rows->setProperty("page", true);
    m_rowColumn = new QVBoxLayout(rows);
    m_rowColumn->setContentsMargins({});
    m_rowColumn->setSpacing(space::kS);
    m_rowColumn->addStretch();
    auto *scroll = new QScrollArea(side);
    QScroller::grabGesture(scroll->viewport(), QScroller::TouchGesture);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setObjectName(QStringLiteral("modelList"));
    scroll->setAccessibleName(tr("Models"));
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    scroll->setWidget(rows);
    rows->setAutoFillBackground(false);

    m_jobRow = new QWidget(side);
    m_jobText = makeText(m_jobRow, "modelJobText", "label", 4, "muted");
    m_jobProgress = makeProgress(m_jobRow, "modelJobProgress", tr("Progress"));
    m_jobCancel = makeButton(m_jobRow, "modelJobCancel", tr("Cancel"));
    auto *job = new QVBoxLayout(m_jobRow);
    job->setContentsMargins({});
    job->setSpacing(space::kS);
    job->addWidget(m_jobText);
    job->addWidget(m_jobProgress);
    job->addWidget(m_jobCancel);

    m_path = new QLineEdit(side);
    m_path->setObjectName(QStringLiteral("modelPath"));
    m_path->setAccessibleName(tr("Folder of a model to bring in"));
    m_path->setPlaceholderText(tr("Folder to import"));
    m_import = makeButton(side, "modelImport", tr("Import"));
    m_open = makeButton(side, "modelOpen", tr("Open model folder"));
    auto *bringIn = new QHBoxLayout;
    bringIn->setSpacing(space::kS);
    bringIn->addWidget(m_path, 1);
    bringIn->addWidget(m_import);
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins({});
    column->setSpacing(space::kS);
    column->addWidget(scroll, 1);
    column->addWidget(m_jobRow);
    column->addLayout(bringIn);
    column->addWidget(m_open);

    connect(m_jobCancel, &QPushButton::clicked, this, &ModelPanel::jobCancelRequested);
    connect(m_path, &QLineEdit::returnPressed, this, &ModelPanel::importTyped);
    connect(m_import, &QPushButton::clicked, this, &ModelPanel::importTyped);
    connect(m_open, &QPushButton::clicked, this, &ModelPanel::chooseFolder);
    return side;
}

QWidget *ModelPanel::makeCard()
{
    auto *page = new QWidget;
    auto *card = new QFrame(page);
    card->setObjectName(QStringLiteral("modelCard"));
    card->setProperty("card", true);
    auto *pageColumn = new QVBoxLayout(page);
    pageColumn->setContentsMargins({});
    pageColumn->addWidget(card);
    m_name = makeText(card, "modelName", "title", 2);
    m_condition = makeText(card, "modelState", "label", 4, "muted");
    m_progress = makeProgress(card, "modelProgress", tr("Loading"));
    m_warnings = makeText(card, "modelWarnings", "label", 8, "warning");

    m_choices = new QWidget(card);
    m_device = makeChoice(m_choices, "modelDevice", {tr("auto device"), QStringLiteral("cpu"), QStringLiteral("cuda")});
    m_precision = makeChoice(m_choices, "modelPrecision", {tr("auto precision"), QStringLiteral("fp32"), QStringLiteral("bf16")});
    auto *choices = new QGridLayout(m_choices);
    choices->setContentsMargins({});
    choices->setSpacing(space::kXs);
    for (const auto &[row, group] : {std::pair(0, m_device), std::pair(1, m_precision)}) {
        const QList<QAbstractButton *> buttons = group->buttons();
        for (qsizetype i = 0; i < buttons.size(); ++i)
            choices->addWidget(buttons.at(i), row, int(i));
    }
    choices->setColumnStretch(3, 1);

    m_load = makeButton(card, "modelLoad", tr("Load"));
    m_load->setProperty("kind", QStringLiteral("primary"));
    m_cancel = makeButton(card, "modelCancel", tr("Cancel loading"));
    m_unload = makeButton(card, "modelUnload", tr("Unload"));
    m_measure = makeButton(card, "modelMeasure", tr("Measure speed"));
    m_check = makeButton(card, "modelCheck", tr("Check files"));
    m_remove = makeButton(card, "modelRemove", tr("Remove"));
    m_keep = makeButton(card, "modelKeep", tr("Keep"));
    auto *loading = new QHBoxLayout;
    loading->setSpacing(space::kS);
    for (QPushButton *button : {m_load, m_cancel, m_unload})
        loading->addWidget(button);
    loading->addStretch();
    auto *actions = new QHBoxLayout;
    actions->setSpacing(space::kS);
    for (QPushButton *button : {m_measure, m_check, m_remove, m_keep})
        actions->addWidget(button);
    actions->addStretch();

    auto *rule = new QFrame(card);
    rule->setProperty("rule", true);
    m_facts = new QGridLayout;
    m_facts->setHorizontalSpacing(space::kXl);
    m_facts->setVerticalSpacing(space::kM);
    m_facts->setColumnMinimumWidth(0, kFactNamePx);
    m_facts->setColumnStretch(1, 1);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(space::kXl, space::kL, space::kXl, space::kL);
    column->setSpacing(space::kM);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_name, m_condition, m_progress, m_warnings, m_choices})
        column->addWidget(widget);
    column->addLayout(loading);
    column->addLayout(actions);
    column->addWidget(rule);
    column->addLayout(m_facts);
    column->addStretch();

    auto *scroll = new PageScroll(QStringLiteral("modelScroll"), tr("Selected model"), page, this);
    QScroller::grabGesture(scroll->viewport(), QScroller::TouchGesture);
    scroll->setFocusPolicy(Qt::StrongFocus); // the arrows read on

    connect(m_load, &QPushButton::clicked, this, [this] {
        if (const ModelEntry *entry = selected())
            Q_EMIT loadRequested({entry->folder, valueOf(m_device), valueOf(m_precision)});
    });
    connect(m_cancel, &QPushButton::clicked, this, &ModelPanel::loadCancelRequested);
    connect(m_unload, &QPushButton::clicked, this, &ModelPanel::unloadRequested);
    connect(m_measure, &QPushButton::clicked, this, &ModelPanel::measureRequested);
    connect(m_check, &QPushButton::clicked, this, [this] {
        if (const ModelEntry *entry = selected())
            Q_EMIT checkRequested(entry->folder);
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        const ModelEntry *entry = selected();
        if (m_isRemovalAsked && entry)
            Q_EMIT removeRequested(entry->folder);
        askRemoval(!m_isRemovalAsked);
    });
    connect(m_keep, &QPushButton::clicked, this, [this] { askRemoval(false); });
    return scroll;
}

QPushButton *ModelPanel::makeButton(QWidget *parent, const char *name, const QString &text)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(false);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QButtonGroup *ModelPanel::makeChoice(QWidget *parent, const char *name, const QStringList &values)
{
    auto *group = new QButtonGroup(parent);
    for (const QString &value : values) {
        QPushButton *button = makeButton(parent, "", value);
        const QString word = group->buttons().isEmpty() ? QStringLiteral("auto") : value;
        button->setObjectName(QLatin1String(name) + QLatin1Char('-') + word);
        button->setProperty("value", word);
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        button->setChecked(group->buttons().isEmpty());
        group->addButton(button);
    }
    connect(group, &QButtonGroup::buttonToggled, this, &ModelPanel::refreshFacts);
    return group;
}

void ModelPanel::setModelState(const ModelState &state)
{
    if (state.condition == ModelCondition::Loading && m_state.condition != ModelCondition::Loading)
        m_selected.clear(); // what is pressed to be loaded is what is looked at
    m_state = state;
    refresh();
}

void ModelPanel::setEntries(const ModelEntries &entries)
{
    m_entries = entries;
    if (std::ranges::none_of(m_entries, [this](const ModelEntry &entry) { return entry.folder == m_selected; }))
        m_selected.clear();
    refresh();
}

void ModelPanel::setJob(const ModelJob &job)
{
    m_job = job;
    const auto text = [&] {
        switch (job.kind) {
        case ModelJob::Kind::None: return job.sentence;
        case ModelJob::Kind::Importing: return tr("Importing the model");
        case ModelJob::Kind::Checking: return tr("Checking the files");
        case ModelJob::Kind::Measuring: return tr("Measuring the speed");
        }
        return QString();
    };
    const bool isRunning = job.kind != ModelJob::Kind::None;
    m_jobText->setText(text());
    setTone(m_jobText, job.isFailure ? QStringLiteral("error") : QStringLiteral("muted"));
    showProgress(m_jobProgress, job.progress);
    m_jobProgress->setVisible(isRunning);
    m_jobCancel->setVisible(isRunning);
    m_jobRow->setVisible(isRunning || !job.sentence.isEmpty());
    refreshActions();
}

void ModelPanel::setFreeMemory(qint64 bytes)
{
    m_freeMemory = bytes;
    m_memory->setText(bytes > 0 ? tr("Free memory %1").arg(sizeText(bytes)) : QString());
    refreshFacts();
}

void ModelPanel::setGpu(bool isThere)
{
    m_hasGpu = isThere;
    QAbstractButton *gpu = m_device->buttons().constLast();
    gpu->setEnabled(isThere);
    gpu->setToolTip(isThere ? QString() : tr("No GPU was found in this computer."));
    refreshFacts();
}

const ModelEntry *ModelPanel::selected() const
{
    const QString folder = m_selected.isEmpty() ? m_state.folder : m_selected;
    const auto entry = std::ranges::find(m_entries, folder, &ModelEntry::folder);
    return entry == m_entries.end() ? nullptr : &*entry;
}

bool ModelPanel::isAboutState() const
{
    return m_selected.isEmpty() || m_selected == m_state.folder;
}

void ModelPanel::select(const QString &folder)
{
    m_selected = folder;
    m_isRemovalAsked = false;
    refresh();
}

void ModelPanel::refresh()
{
    refreshRows();
    const ModelEntry *entry = selected();
    const bool isLoading = isAboutState() && m_state.condition == ModelCondition::Loading;
    QString name = m_state.name, condition, tone = QStringLiteral("muted");
    QStringList warnings = m_state.warnings;
    if (isAboutState()) {
        switch (m_state.condition) {
        case ModelCondition::NotLoaded: condition = m_entries.isEmpty() ? tr("Open a model folder to start.") : tr("Choose a model and load it."); break;
        case ModelCondition::Loading: condition = tr("Loading"); break;
        case ModelCondition::Ready: condition = tr("Ready"); break;
        case ModelCondition::Failed:
            condition = m_state.code.isEmpty() ? m_state.sentence : tr("%1: %2").arg(m_state.code, m_state.sentence);
            tone = QStringLiteral("error");
            break;
        }
    } else if (entry) {
        name = entry->name;
        condition = entry->problem.isEmpty() ? tr("On disk") : entry->problem;
        tone = entry->problem.isEmpty() ? QStringLiteral("muted") : QStringLiteral("error");
        warnings = entry->warnings;
    }
    m_name->setText(name.isEmpty() ? tr("No model") : name);
    m_condition->setText(condition);
    setTone(m_condition, tone);
    m_progress->setVisible(isLoading);
    showProgress(m_progress, m_state.progress);
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!warnings.isEmpty());
    refreshFacts();
    refreshActions();
}

void ModelPanel::refreshRows()
{
    while (m_rows.size() > m_entries.size())
        delete m_rows.takeLast();
    while (m_rows.size() < m_entries.size()) {
        auto *row = new ModelRow(m_theme, this);
        m_rowColumn->insertWidget(int(m_rows.size()), row);
        connect(row, &ModelRow::clicked, this, [this, row] { select(row->folder()); });
        m_rows.append(row);
    }
    const ModelEntry *chosen = selected();
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const ModelEntry &entry = m_entries.at(i);
        m_rows.at(i)->show(entry, entry.folder == m_state.folder ? m_state.condition : ModelCondition::NotLoaded);
        m_rows.at(i)->setChecked(&entry == chosen);
    }
}

void ModelPanel::refreshFacts()
{
    while (QLayoutItem *item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QLocale locale;
    QList<QPair<QString, QString>> facts;
    const ModelEntry *entry = selected();
    if (isAboutState() && m_state.condition == ModelCondition::Ready) {
        facts = {
            {tr("Device"), m_state.deviceReason.isEmpty() ? m_state.device : tr("%1 – %2").arg(m_state.device, m_state.deviceReason)},
            {tr("Precision"), m_state.precision},
            {tr("Parameters"), parameterText(m_state.parameters)},
            {tr("Memory for weights"), sizeText(m_state.weightBytes)},
            {tr("Load time"), durationText(m_state.loadMs)},
            {tr("Picture tokens"), locale.toString(m_state.visualTokens)},
            {tr("Longest question"), tr("%1 tokens").arg(locale.toString(m_state.maxQuestionTokens))},
        };
    } else if (entry && !isAboutState()) {
        if (entry->parameters > 0) {
            const bool isOnGpu = m_hasGpu && valueOf(m_device) != QLatin1String("cpu"); // where there is one, the engine tries it first
            const qint64 needed = memoryNeeded(*entry, isOnGpu, valueOf(m_precision));
            const bool isTooMuch = m_freeMemory > 0 && needed > m_freeMemory;
            facts.append({tr("Parameters"), parameterText(entry->parameters)});
            const QString need = isOnGpu ? tr("%1 of GPU memory; how much of it is free is not known").arg(sizeText(needed))
                : isTooMuch ? tr("%1 of memory, more than the %2 that are free").arg(sizeText(needed), sizeText(m_freeMemory))
                            : tr("%1 of memory").arg(sizeText(needed));
            facts.append({tr("Needs"), need});
        }
        facts.append({tr("On disk"), sizeText(entry->fileBytes)});
        for (const auto &[name, value] : entry->facts)
            facts.append({factName(name), value});
    }
    if (entry) {
        facts.append({tr("Files"), filesText(*entry)});
        facts.append({tr("Speed here"), speedText(entry->speed)});
    }
    if (isAboutState() && m_state.condition == ModelCondition::Ready)
        facts.append({{tr("Folder"), m_state.folder}, {tr("SHA-256"), m_state.sha256}});
    else if (entry)
        facts.append({tr("Folder"), entry->folder});
    int row = 0;
    for (const auto &[key, value] : facts) {
        auto *keyLabel = makeLabel(this, "", "label", "muted");
        keyLabel->setText(key);
        keyLabel->setWordWrap(false);
        keyLabel->setAlignment(Qt::AlignTop);
        auto *valueLabel = makeText(this, "", "label", 3);
        valueLabel->setText(value);
        m_facts->addWidget(keyLabel, row, 0);
        m_facts->addWidget(valueLabel, row, 1);
        ++row;
    }
}

void ModelPanel::refreshActions()
{
    const bool isLoading = m_state.condition == ModelCondition::Loading;
    const bool isReady = m_state.condition == ModelCondition::Ready;
    const bool isRunning = m_job.kind != ModelJob::Kind::None;
    const ModelEntry *entry = selected();
    const QString busy = isLoading ? tr("A model is being loaded.") : isRunning ? tr("Something is being done already.") : QString();
    const auto offer = [](QPushButton *button, bool isShown, const QString &obstacle) {
        button->setVisible(isShown);
        button->setEnabled(obstacle.isEmpty());
        button->setToolTip(obstacle);
    };
    const QString unreadable = entry && !entry->problem.isEmpty() ? entry->problem : QString();
    offer(m_load, entry && !isLoading, !unreadable.isEmpty() ? unreadable : busy);
    offer(m_cancel, isLoading && isAboutState(), {});
    offer(m_unload, isReady && isAboutState(), busy);
    offer(m_measure, isReady && isAboutState() && entry, busy);
    offer(m_check, entry != nullptr, busy);
    const bool isInUse = isAboutState() && (isReady || isLoading);
    offer(m_remove, entry && !entry->isShipped, isInUse ? tr("Unload the model first.") : busy);
    m_remove->setText(m_isRemovalAsked ? tr("Remove for good") : tr("Remove"));
    offer(m_keep, m_isRemovalAsked, {});
    offer(m_open, true, isLoading ? busy : QString());
    offer(m_import, true, busy);
    m_choices->setVisible(entry && !isLoading);
}

void ModelPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    const auto row = std::ranges::find_if(m_rows, [](const ModelRow *each) { return each->isChecked(); });
    (row == m_rows.end() ? static_cast<QWidget *>(m_open) : *row)->setFocus(Qt::OtherFocusReason); // a key must not type a path
}

void ModelPanel::askRemoval(bool isAsked)
{
    m_isRemovalAsked = isAsked;
    refreshActions();
}

void ModelPanel::importTyped()
{
    QString folder = m_path->text().trimmed();
    if (folder.startsWith(QLatin1String("~/"))) // as in a terminal
        folder.replace(0, 1, QDir::homePath());
    if (!folder.isEmpty() && m_import->isEnabled())
        Q_EMIT importRequested(folder);
}

void ModelPanel::chooseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Open a model folder"));
    dialog->setObjectName(QStringLiteral("modelFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &ModelPanel::modelChosen);
    delete std::exchange(m_folderDialog, dialog); // one at a time
    dialog->setModal(false); // Live goes on beside it
    dialog->show();
}

} // namespace auroraedge::ui
