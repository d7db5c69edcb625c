#pragma once

#include <QCoreApplication>
#include <QTranslator>

namespace auroraedge::app::tests {

/// A language in which every text of one context stands in «angle quotes», until it goes.
class OtherLanguage final : private QTranslator
{
public:
    explicit OtherLanguage(const char *context) : m_context(context) { QCoreApplication::installTranslator(this); }
    ~OtherLanguage() override { QCoreApplication::removeTranslator(this); }

private:
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char *context, const char *text, const char *, int) const override
    {
        return qstrcmp(context, m_context) == 0 ? QStringLiteral("«%1»").arg(QString::fromUtf8(text)) : QString();
    }

    const char *const m_context;
};

} // namespace auroraedge::app::tests
