#pragma once

#include "ui/dialogs/floating_card.h"
#include "ui/models/camera_controls.h"
#include "ui/models/network_source.h"
#include "ui/models/source_state.h"

#include <QPointer>

class QFileDialog;
class QScrollArea;
class QVBoxLayout;

namespace auroraedge::ui {

class CameraSettingsCard;
class NetworkCameraCard;
class Theme;

/// Offers the sources, and leads to two further cards: a network camera, new or saved, and the settings of the camera that runs.
/// A choice closes it.
class SourceChooser final : public FloatingCard
{
    Q_OBJECT

public:
    explicit SourceChooser(const Theme &theme, QWidget *parent);

    void setWebcams(const SourceOptions &webcams);
    void setSaved(const SourceOptions &saved);
    /// What editRequested asked for: opens the card with a saved camera filled in.
    void editSaved(const NetworkSource &saved, bool hasPassword);
    /// Of the test that testRequested asked for, or while what saveRequested asked for is being kept.
    void setTest(const SourceTest &test);
    /// The card is offered while there is something to set.
    void setControls(const CameraControls &controls);
    /// What saveRequested asked for is kept.
    void closeNetworkCard();

Q_SIGNALS:
    void chosen(const QString &uri);
    void removeRequested(const QString &uri); ///< a saved source, asked back for
    void editRequested(const QString &uri);   ///< a saved source
    void testRequested(const auroraedge::ui::NetworkSource &source);
    void testCancelled(); ///< nobody waits for its end any more, nor for that of a keeping, which goes on
    void saveRequested(const auroraedge::ui::NetworkSource &source);
    void adjusted(auroraedge::ui::CameraControl control, bool isAuto, int value);

protected:
    bool event(QEvent *event) override;
    void fit() override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    class Entry;
    class SavedRow;
    Entry *addEntry(QVBoxLayout *column, const QString &name, const QString &icon, const QString &title, const QString &detail);
    /// In the place of @p row, or no longer (null): one row asks at a time.
    void askBack(SavedRow *row);
    void choose(const QString &uri);
    void chooseFile();
    void chooseFolder();
    void chooseIn(QFileDialog *dialog, const QString &scheme);

    const Theme &m_theme;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_list = nullptr;
    QVBoxLayout *m_webcams = nullptr, *m_saved = nullptr;
    Entry *m_settings = nullptr;
    SavedRow *m_asking = nullptr; ///< whether it shall be removed
    NetworkCameraCard *m_networkCard = nullptr;
    CameraSettingsCard *m_cameraCard = nullptr;
    QPointer<QFileDialog> m_fileDialog; ///< while it is open
};

} // namespace auroraedge::ui
