#pragma once

#include "ui/main_window.h"
#include "ui/theme/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QLabel>
#include <QTest>

namespace auroraedge::ui::tests {

/// One window as an operator has it before them: pressed and read by the names of its parts.
class OperatorTest : public ::testing::Test
{
protected:
    OperatorTest()
    {
        m_theme.applyTo(*qApp);
        m_window.resize(1280, 800);
        m_window.show();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&m_window));
    }

    /// The part called @p name. A test that names a part that is not there ends here.
    template <typename Widget = QWidget>
    [[nodiscard]] Widget *part(const char *name)
    {
        auto *found = m_window.findChild<Widget *>(QLatin1String(name));
        if (!found)
            qFatal("the window has no part called %s", name);
        return found;
    }
    [[nodiscard]] QString text(const char *name) { return part<QLabel>(name)->text(); }
    [[nodiscard]] bool isShown(const char *name) { return part(name)->isVisible(); }
    [[nodiscard]] QString focused() const
    {
        const QWidget *widget = QApplication::focusWidget();
        return widget ? widget->objectName() : QString();
    }

    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_window.windowHandle(), key, modifiers);
    }
    void type(const char *text)
    {
        for (const char letter : QByteArray(text))
            QTest::keyClick(m_window.windowHandle(), letter);
    }
    void click(const char *name) { QTest::mouseClick(part(name), Qt::LeftButton); }

    Theme m_theme;
    MainWindow m_window{m_theme};
};

} // namespace auroraedge::ui::tests
