#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <functional>
#include <utility>

namespace auroraedge::app {

/// Calls @p body once, after all that is to be painted now is painted; never after @p context is gone. Thread: GUI.
inline void whenPainted(QObject *context, std::function<void()> body)
{
    // Widgets are painted by an event of low priority; this one comes behind it.
    class AfterPainting final : public QObject
    {
    public:
        AfterPainting(QObject *parent, std::function<void()> after) : QObject(parent), m_after(std::move(after)) {}

    protected:
        void customEvent(QEvent *) override
        {
            m_after();
            deleteLater();
        }

    private:
        std::function<void()> m_after;
    };
    QCoreApplication::postEvent(new AfterPainting(context, std::move(body)), new QEvent(QEvent::User), Qt::LowEventPriority - 1);
}

} // namespace auroraedge::app
