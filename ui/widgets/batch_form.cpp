#include "ui/widgets/batch_form.h"

#include "ui/models/batch_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/entry_field.h"
#include "ui/widgets/filter_chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/stepper.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>

#include <utility>

namespace auroraedge::ui {

namespace {

constexpr int kLargestPart = 100'000;
constexpr int kShortFieldPx = 132;

/// "FILE.jsonl" beside @p source, whatever kind of source it is.
QString outBeside(const QString &source)
{
    QString stem = source;
    while (stem.size() > 1 && stem.endsWith(QLatin1Char('/')))
        stem.chop(1);
    for (const char *ending : {".txt", ".lst"}) {
        if (stem.endsWith(QLatin1String(ending)))
            stem.chop(4);
    }
    return stem + QStringLiteral(".jsonl");
}

} // namespace

BatchForm::BatchForm(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("batchForm"));
    setProperty("card", true);
    QWidget *source = makeSource(); // Tab goes in the order of making
    auto *middle = new QHBoxLayout;
    middle->setSpacing(space::kL);
    middle->addWidget(makeQuestions(), 1);
    middle->addWidget(makeOut(), 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kM, space::kL, space::kM);
    column->setSpacing(space::kM);
    column->addWidget(source);
    column->addLayout(middle);
    m_moreRow = makeMore();
    column->addWidget(m_moreRow);
    column->addWidget(makeFoot());
    refreshWatch();
    refreshModel();
}

QPushButton *BatchForm::makeButton(QWidget *parent, const char *name, const QString &text)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(true); // Enter presses the one that has the focus
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QPushButton *BatchForm::makeSwitch(QWidget *parent, const char *name, const QString &text, const QString &tip)
{
    QPushButton *button = makeButton(parent, name, text);
    button->setCheckable(true);
    button->setToolTip(tip);
    button->setProperty("kind", QStringLiteral("segment"));
    button->setIconSize({18, 18});
    // A tick, so that what is on is not told by its colour alone.
    const auto refresh = [this, button] {
        const ThemeColours &c = m_theme.colours();
        button->setIcon(m_theme.icon(button->isChecked() ? QStringLiteral("check") : QStringLiteral("unchecked"), button->isChecked() ? c.accentText : c.textMuted));
    };
    connect(button, &QPushButton::toggled, this, refresh);
    connect(&m_theme, &Theme::changed, button, refresh);
    refresh();
    return button;
}

EntryField *BatchForm::makeEntry(QWidget *parent, const char *name, const QString &title, const QString &placeholder)
{
    auto *entry = new EntryField(parent);
    entry->setObjectName(QLatin1String(name));
    entry->setAccessibleName(title);
    entry->setPlaceholderText(placeholder);
    connect(entry, &QLineEdit::textEdited, this, &BatchForm::dropPlan);
    connect(entry, &EntryField::entered, this, &BatchForm::add);
    return entry;
}

QWidget *BatchForm::makeBlock(QWidget *parent, const QString &caption, QWidget *field, BatchField place)
{
    auto *block = new QWidget(parent);
    auto *title = new QLabel(caption, block);
    title->setTextFormat(Qt::PlainText);
    title->setProperty("type", QStringLiteral("caption"));
    title->setProperty("tone", QStringLiteral("muted"));
    auto *problem = new ElidedLabel(3, block);
    problem->setObjectName(QStringLiteral("batchProblem-%1").arg(int(place)));
    problem->setProperty("type", QStringLiteral("caption"));
    problem->setProperty("tone", QStringLiteral("error"));
    problem->hide();
    m_problems.insert(place, problem);
    auto *column = new QVBoxLayout(block);
    column->setContentsMargins({});
    column->setSpacing(space::kXs);
    column->addWidget(title);
    column->addWidget(field);
    column->addWidget(problem);
    column->addStretch();
    return block;
}

QWidget *BatchForm::makeSource()
{
    auto *row = new QWidget(this);
    m_source = makeEntry(row, "batchSource", tr("Pictures: a folder, a pattern or a list file"), tr("Folder, pattern as /data/*.png, or list file"));
    QPushButton *folder = makeButton(row, "batchBrowseFolder", tr("Folder…"));
    folder->setToolTip(tr("Choose a folder of pictures"));
    QPushButton *list = makeButton(row, "batchBrowseList", tr("List…"));
    list->setToolTip(tr("Choose a list file (.txt, .lst): the path of a picture on each line"));
    m_recursive = makeSwitch(row, "batchRecursive", tr("Folders below"), tr("Pictures in the folders below as well"));
    m_watch = makeSwitch(row, "batchWatch", tr("Watch"), tr("Go on with pictures that arrive, until the job is paused or cancelled"));
    for (QPushButton *button : {folder, list})
        button->setProperty("kind", QStringLiteral("segment"));
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->setSpacing(space::kS);
    line->addWidget(m_source, 1);
    for (QPushButton *button : {folder, list, m_recursive, m_watch})
        line->addWidget(button);
    connect(folder, &QPushButton::clicked, this, &BatchForm::browseFolder);
    connect(list, &QPushButton::clicked, this, &BatchForm::browseList);
    connect(m_recursive, &QPushButton::toggled, this, &BatchForm::dropPlan);
    connect(m_watch, &QPushButton::toggled, this, &BatchForm::refreshWatch);
    m_fields.insert(BatchField::Source, m_source);
    return makeBlock(this, tr("Pictures"), row, BatchField::Source);
}

QWidget *BatchForm::makeQuestions()
{
    m_questions = new QPlainTextEdit(this);
    m_questions->setObjectName(QStringLiteral("batchQuestions"));
    m_questions->setAccessibleName(tr("Questions, one on each line"));
    m_questions->setProperty("entry", true);
    m_questions->setTabChangesFocus(true);
    m_questions->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_questions->setFixedHeight(2 * kTouchPx + space::kS);
    m_fields.insert(BatchField::Questions, m_questions);
    return makeBlock(this, tr("Question; several: one on each line"), m_questions, BatchField::Questions);
}

QWidget *BatchForm::makeOut()
{
    auto *row = new QWidget(this);
    m_out = makeEntry(row, "batchOut", tr("File for the answers, .jsonl or .csv"), tr("File, .jsonl or .csv"));
    QPushButton *browse = makeButton(row, "batchBrowseOut", tr("Save as…"));
    browse->setToolTip(tr("Choose the file for the answers"));
    browse->setProperty("kind", QStringLiteral("segment"));
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins({});
    line->setSpacing(space::kS);
    line->addWidget(m_out, 1);
    line->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, &BatchForm::browseOut);
    m_fields.insert(BatchField::Out, m_out);
    auto *side = new QWidget(this);
    m_modelChip = new FilterChip(m_theme, FilterChip::Kind::List, tr("Model"), side);
    m_modelChip->setObjectName(QStringLiteral("batchModel"));
    connect(m_modelChip, &FilterChip::clearPressed, this, [this] { chooseModel({}, {}); });
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins({});
    column->setSpacing(space::kS);
    column->addWidget(makeBlock(side, tr("Answers"), row, BatchField::Out));
    column->addWidget(m_modelChip, 0, Qt::AlignLeft);
    column->addStretch();
    return side;
}

QWidget *BatchForm::makeMore()
{
    auto *row = new QWidget(this);
    row->setObjectName(QStringLiteral("batchMoreRow"));
    auto *flow = new FlowLayout(row, space::kM);
    const auto plain = [this, row](const QString &caption, QWidget *field) {
        auto *block = new QWidget(row);
        auto *title = new QLabel(caption, block);
        title->setTextFormat(Qt::PlainText);
        title->setProperty("type", QStringLiteral("caption"));
        title->setProperty("tone", QStringLiteral("muted"));
        auto *column = new QVBoxLayout(block);
        column->setContentsMargins({});
        column->setSpacing(space::kXs);
        column->addWidget(title);
        column->addWidget(field);
        return block;
    };
    m_settle = new Stepper(m_theme, QStringLiteral("batchSettle"), tr("Seconds that a new file must have been at rest"), tr("s"), {0.5, 1, 2, 5, 10, 30, 60}, row);
    m_settle->setValue(2);
    m_settleBlock = plain(tr("New files rest for"), m_settle);
    flow->addWidget(m_settleBlock);
    m_part = makeEntry(row, "batchPart", tr("Part of the list, as 2/8"), tr("as 2/8"));
    m_part->setFixedWidth(kShortFieldPx);
    m_part->setToolTip(tr("Several computers share one list: this one takes the second of eight parts"));
    flow->addWidget(makeBlock(row, tr("Part"), m_part, BatchField::Part));
    m_limit = makeEntry(row, "batchLimit", tr("So many pictures at most"), tr("all"));
    m_limit->setFixedWidth(kShortFieldPx);
    flow->addWidget(makeBlock(row, tr("At most"), m_limit, BatchField::Limit));
    m_fields.insert(BatchField::Part, m_part);
    m_fields.insert(BatchField::Limit, m_limit);
    m_retry = makeSwitch(row, "batchRetryFailed", tr("Failed ones again"), tr("Ask again about pictures that failed in an earlier run"));
    m_keep = makeSwitch(row, "batchKeepRows", tr("Keep in the database"), tr("Answers and pictures also go to the database, where Review and Statistics find them"));
    m_keep->setChecked(true);
    flow->addWidget(plain(tr("Earlier run"), m_retry));
    flow->addWidget(plain(tr("Rows"), m_keep));
    row->hide();
    return row;
}

QWidget *BatchForm::makeFoot()
{
    auto *foot = new QWidget(this);
    m_more = makeButton(foot, "batchMore", tr("More"));
    m_more->setToolTip(tr("Further options"));
    m_more->setProperty("kind", QStringLiteral("segment"));
    m_more->setCheckable(true);
    m_more->setIconSize({18, 18});
    const auto turnSign = [this] {
        const QString sign = m_more->isChecked() ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right");
        m_more->setIcon(m_theme.icon(sign, m_more->isChecked() ? m_theme.colours().accentText : m_theme.colours().textMuted));
    };
    connect(m_more, &QPushButton::toggled, this, turnSign);
    connect(&m_theme, &Theme::changed, m_more, turnSign);
    turnSign();
    m_planText = new ElidedLabel(2, foot);
    m_planText->setObjectName(QStringLiteral("batchPlan"));
    m_planText->setProperty("type", QStringLiteral("label"));
    m_planButton = makeButton(foot, "batchDryRun", tr("Dry run"));
    m_planButton->setToolTip(tr("Count the pictures and estimate the time; nothing is asked"));
    m_add = makeButton(foot, "batchAdd", tr("Add to queue"));
    m_add->setToolTip(tr("Enter"));
    m_add->setProperty("kind", QStringLiteral("primary"));
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins({});
    row->setSpacing(space::kS);
    row->addWidget(m_more);
    row->addSpacing(space::kXs);
    row->addWidget(m_planText, 1);
    row->addWidget(m_planButton);
    row->addWidget(m_add);
    connect(m_more, &QPushButton::toggled, m_moreRow, &QWidget::setVisible);
    connect(m_planButton, &QPushButton::clicked, this, &BatchForm::plan);
    connect(m_add, &QPushButton::clicked, this, &BatchForm::add);
    return foot;
}

void BatchForm::setModelInUse(const QString &folder, const QString &name)
{
    m_inUse = folder;
    m_inUseName = name;
    refreshModel();
}

QString BatchForm::model() const
{
    return m_chosen.isEmpty() ? m_inUse : m_chosen;
}

void BatchForm::chooseModel(const QString &folder, const QString &name)
{
    m_chosen = folder == m_inUse ? QString() : folder;
    m_chosenName = name;
    refreshModel();
    dropPlan();
}

void BatchForm::refreshModel()
{
    const bool isChosen = !m_chosen.isEmpty();
    m_modelChip->setText(isChosen ? tr("Model") : m_inUseName.isEmpty() ? tr("Model: the one that ships") : tr("Model in use: %1").arg(m_inUseName));
    m_modelChip->setValue(isChosen ? m_chosenName : QString());
}

void BatchForm::refreshWatch()
{
    const bool watches = m_watch->isChecked();
    m_settleBlock->setVisible(watches);
    m_limit->setEnabled(!watches);
    m_limit->setToolTip(watches ? tr("A watch takes everything that arrives") : QString());
    dropPlan();
}

void BatchForm::clearProblems()
{
    for (ElidedLabel *problem : std::as_const(m_problems))
        problem->hide();
}

void BatchForm::refuse(BatchField field, const QString &sentence)
{
    if (field == BatchField::Part || field == BatchField::Limit)
        m_more->setChecked(true);
    ElidedLabel *problem = m_problems.value(field);
    problem->setText(sentence);
    problem->show();
    m_fields.value(field)->setFocus(Qt::OtherFocusReason);
}

std::optional<BatchOrder> BatchForm::read(bool needsOut)
{
    clearProblems();
    const auto refused = [this](BatchField field, const QString &sentence) {
        refuse(field, sentence);
        return std::nullopt;
    };
    BatchOrder order;
    order.source = m_source->text().trimmed();
    if (order.source.isEmpty())
        return refused(BatchField::Source, tr("Name a folder, a pattern or a list file."));
    for (const QString &line : m_questions->toPlainText().split(QLatin1Char('\n'))) {
        const QString question = line.simplified();
        if (!question.isEmpty() && order.questions.contains(question))
            return refused(BatchField::Questions, tr("“%1” is asked twice.").arg(question));
        if (!question.isEmpty())
            order.questions.append(question);
    }
    order.out = m_out->text().trimmed();
    if (needsOut && order.questions.isEmpty())
        return refused(BatchField::Questions, tr("Write a question."));
    if (needsOut && !order.out.endsWith(QLatin1String(".jsonl")) && !order.out.endsWith(QLatin1String(".csv")))
        return refused(BatchField::Out, order.out.isEmpty() ? tr("Name a file for the answers.") : tr("The file must end in .jsonl or in .csv."));
    order.model = model();
    order.modelName = m_chosen.isEmpty() ? m_inUseName : m_chosenName;
    order.isRecursive = m_recursive->isChecked();
    order.watches = m_watch->isChecked();
    order.settleSeconds = m_settle->value();
    order.retriesFailed = m_retry->isChecked();
    order.keepsRows = m_keep->isChecked();
    if (const QString text = m_part->text().trimmed(); !text.isEmpty()) {
        static const QRegularExpression kForm(QStringLiteral("^([0-9]{1,6}) */ *([0-9]{1,6})$"));
        const QRegularExpressionMatch match = kForm.match(text);
        order.part = match.captured(1).toInt();
        order.parts = match.captured(2).toInt();
        if (!match.hasMatch() || order.part < 1 || order.part > order.parts || order.parts > kLargestPart)
            return refused(BatchField::Part, tr("Write it as 2/8."));
    }
    if (const QString text = m_limit->text().trimmed(); !text.isEmpty() && !order.watches) {
        bool isNumber = false;
        order.limit = text.toLongLong(&isNumber);
        if (!isNumber || order.limit < 1)
            return refused(BatchField::Limit, tr("Write a number."));
    }
    return order;
}

void BatchForm::add()
{
    if (const std::optional<BatchOrder> order = read(true))
        Q_EMIT addPressed(*order);
}

void BatchForm::plan()
{
    if (m_isCounting) {
        dropPlan();
        return;
    }
    if (const std::optional<BatchOrder> order = read(false)) {
        showPlan({});
        Q_EMIT planPressed(*order);
    }
}

void BatchForm::showPlan(const BatchPlan &plan)
{
    m_isCounting = plan.condition == BatchPlan::Condition::Counting;
    m_planButton->setText(m_isCounting ? tr("Cancel") : tr("Dry run"));
    const QLocale locale;
    QString text;
    switch (plan.condition) {
    case BatchPlan::Condition::Counting: text = tr("Counting the pictures …"); break;
    case BatchPlan::Condition::Failed: text = plan.sentence; break;
    case BatchPlan::Condition::Ready: {
        QStringList parts{tr("Pictures: %1").arg(locale.toString(plan.pictures))};
        parts.append(plan.seconds ? tr("about %1").arg(timeText(*plan.seconds)) : tr("time not known before a first job"));
        if (plan.freeBytes >= 0)
            parts.append(tr("%1 free").arg(locale.formattedDataSize(plan.freeBytes, 1, QLocale::DataSizeSIFormat)));
        text = parts.join(QStringLiteral(" · "));
        break;
    }
    }
    m_planText->setProperty("tone", plan.condition == BatchPlan::Condition::Failed     ? QStringLiteral("error")
                                    : plan.condition == BatchPlan::Condition::Counting ? QStringLiteral("muted")
                                                                                       : QString());
    restyle(m_planText);
    m_planText->setText(text);
}

void BatchForm::dropPlan()
{
    if (!m_planText)
        return; // the form is being made
    if (std::exchange(m_isCounting, false))
        Q_EMIT planCancelPressed();
    m_planButton->setText(tr("Dry run"));
    m_planText->setText({});
}

void BatchForm::prepareNext()
{
    clearProblems();
    dropPlan();
    m_source->clear();
    m_out->clear();
}

void BatchForm::focusFirst()
{
    m_source->setFocus(Qt::OtherFocusReason);
}

void BatchForm::takeSource(const QString &path)
{
    m_source->setText(path);
    if (m_out->text().trimmed().isEmpty())
        m_out->setText(outBeside(path));
    clearProblems();
    dropPlan();
    m_questions->setFocus(Qt::OtherFocusReason);
}

void BatchForm::browseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Choose a folder of pictures"));
    dialog->setObjectName(QStringLiteral("batchFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &BatchForm::takeSource);
    dialog->open();
}

void BatchForm::browseList()
{
    auto *dialog = new QFileDialog(window(), tr("Choose a list file"), {}, tr("Lists (*.txt *.lst)"));
    dialog->setObjectName(QStringLiteral("batchListDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &BatchForm::takeSource);
    dialog->open();
}

void BatchForm::browseOut()
{
    auto *dialog = new QFileDialog(window(), tr("Choose the file for the answers"), {}, tr("Answers (*.jsonl *.csv)"));
    dialog->setObjectName(QStringLiteral("batchOutDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // a job goes on with what is there
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    connect(dialog, &QFileDialog::fileSelected, m_out, &QLineEdit::setText);
    dialog->open();
}

} // namespace auroraedge::ui
