#pragma once

#include <QCoreApplication>
#include <QString>

// What the station behind the window would say, in the language of the window.
namespace auroraedge::ui {

/// As its translation in @p context has it.
inline QString said(const char *context, const char *text)
{
    return QCoreApplication::translate(context, text);
}

/// Of an error: @p own, its own sentence, where @p text is not translated.
inline QString told(const char *text, const QString &own)
{
    const QString translated = said("Error", text);
    return translated == QLatin1String(text) ? own : translated;
}

/// Of the program of a batch: with its own sentence behind the translated one.
inline QString toldLine(const char *code, const char *text, const QString &own)
{
    const QString sentence = told(text, own);
    return QLatin1String(code) + QStringLiteral(": ") + (sentence == own ? own : QStringLiteral("%1 (%2)").arg(sentence, own));
}

} // namespace auroraedge::ui
