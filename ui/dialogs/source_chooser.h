#pragma once

#include "ui/dialogs/floating_card.h"
#include "ui/models/camera_controls.h"
#include "ui/models/network_source.h"
#include "ui/models/source_state.h"

class QScrollArea;
class QVBoxLayout;

namespace auroraedge::ui {

class CameraSettingsCard;
class NetworkCameraCard;
class Theme;

/// Offers the sources, and leads to two further cards: a new network camera, and the settings of the camera that runs.
/// A choice closes it.
class SourceChooser final : public FloatingCard
{
    Q_OBJECT

public:
    explicit SourceChooser(const Theme &theme, QWidget *parent);

    void setWebcams(const SourceOptions &webcams);
    void setSaved(const SourceOptions &saved);
    /// Of the test that testRequested asked for.
    void setTest(const SourceTest &test);
    /// The card is offered while there is something to set.
    void setControls(const CameraControls &controls);
    /// What saveRequested asked for is kept.
    void closeNetworkCard();

Q_SIGNALS:
    void chosen(const QString &uri);
    void removeRequested(const QString &uri); ///< a saved source
    void testRequested(const auroraedge::ui::NetworkSource &source);
    void testCancelled();
    void saveRequested(const auroraedge::ui::NetworkSource &source);
    void adjusted(auroraedge::ui::CameraControl control, bool isAuto, int value);

protected:
    bool event(QEvent *event) override;
    void fit() override;

private:
    class Entry;
    Entry *addEntry(QVBoxLayout *column, const QString &name, const QString &icon, const QString &title, const QString &detail);
    void choose(const QString &uri);
    void chooseFile();
    void chooseFolder();

    const Theme &m_theme;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_list = nullptr;
    QVBoxLayout *m_webcams = nullptr, *m_saved = nullptr;
    Entry *m_settings = nullptr;
    NetworkCameraCard *m_networkCard = nullptr;
    CameraSettingsCard *m_cameraCard = nullptr;
};

} // namespace auroraedge::ui
