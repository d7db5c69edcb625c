#include "ui/models/review_reason.h"

#include <QCoreApplication>

#include <algorithm>

namespace auroraedge::ui {

namespace {

constexpr char kContext[] = "auroraedge::ui::ReviewBar";

struct Entry
{
    const char *english;
    Verdict verdict;
};
// An entry that is changed here becomes one of an older database: better to add another.
constexpr Entry kReasons[] = {{QT_TRANSLATE_NOOP("auroraedge::ui::ReviewBar", "Part is good"), Verdict::Ok},
                              {QT_TRANSLATE_NOOP("auroraedge::ui::ReviewBar", "Reflection or dirt"), Verdict::Ok},
                              {QT_TRANSLATE_NOOP("auroraedge::ui::ReviewBar", "Wrong part in view"), Verdict::Unsure},
                              {QT_TRANSLATE_NOOP("auroraedge::ui::ReviewBar", "Picture is bad"), Verdict::Unsure},
                              {QT_TRANSLATE_NOOP("auroraedge::ui::ReviewBar", "Good, other reason"), Verdict::Ok}};

} // namespace

QList<ReviewReason> reviewReasons()
{
    QList<ReviewReason> reasons;
    for (const Entry &entry : kReasons)
        reasons.append({QString::fromUtf8(entry.english), entry.verdict});
    return reasons;
}

QString reasonText(const QString &stored)
{
    const auto known = std::ranges::find_if(kReasons, [&](const Entry &entry) { return stored == QLatin1String(entry.english); });
    return known == std::end(kReasons) ? stored : QCoreApplication::translate(kContext, known->english);
}

} // namespace auroraedge::ui
