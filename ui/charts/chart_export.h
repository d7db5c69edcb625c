#pragma once

#include "engine/api/result.h"
#include "ui/charts/chart.h"

#include <QByteArray>
#include <QList>
#include <QPair>

#include <memory>
#include <variant>

namespace auroraedge::ui {

enum class ExportFormat { Png = 1, Svg, Pdf, Html };

using ChartPointer = std::shared_ptr<const Chart>;

/// What is put on paper: the charts of a page, or one of them.
struct ChartSheet
{
    QString title;
    QList<QPair<QString, QString>> facts; ///< range, question, model, figures of the shift
    QList<ChartPointer> charts;           ///< none is null
};

/// The sheet as the bytes of a file, in light colours whatever the window has: one picture (PNG at 200 %, SVG), or A4
/// pages (PDF), or a page that needs no other file (HTML, charts as SVG inside). Thread: any: a report takes a second.
[[nodiscard]] Result<QByteArray> renderSheet(const ChartSheet &sheet, ExportFormat format);
/// Writes the whole of @p bytes or nothing: a temporary file beside it, its length compared, then renamed.
/// Errors: FS-02 not a plain file, FS-07 cannot be written there, FS-09 disk full or not all was written. Thread: any.
[[nodiscard]] Result<std::monostate> writeWhole(const QString &path, const QByteArray &bytes);

} // namespace auroraedge::ui
