#include "plugins/opencv_camera/v4l2_controls.h"

#include "tests/plugins/scratch_folder.h"

#include <gtest/gtest.h>

#include <linux/videodev2.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>

namespace auroraedge::plugins {
namespace {

using auroraedge::testing::ScratchFolder;
using Condition = ControlState::Condition;

/// The controls of a webcam, as a driver keeps them.
class FakeDriver
{
public:
    struct Control
    {
        int minimum = 0, maximum = 255, step = 1, value = 0;
        std::uint32_t flags = 0;
        std::vector<int> taken = {}; ///< values that it takes; empty: all
    };

    int operator()(unsigned long request, void *argument)
    {
        if (request == VIDIOC_QUERYCTRL) {
            auto *query = static_cast<v4l2_queryctrl *>(argument);
            const auto found = controls.find(query->id);
            if (found == controls.end())
                return refuse(EINVAL);
            query->minimum = found->second.minimum;
            query->maximum = found->second.maximum;
            query->step = found->second.step;
            query->flags = found->second.flags;
            return 0;
        }
        auto *wanted = static_cast<v4l2_control *>(argument);
        const auto found = controls.find(wanted->id);
        if (found == controls.end())
            return refuse(EINVAL);
        if (request == VIDIOC_G_CTRL) {
            wanted->value = found->second.value;
            return 0;
        }
        calls.push_back({wanted->id, wanted->value});
        const std::vector<int> &taken = found->second.taken;
        if (!taken.empty() && std::ranges::find(taken, wanted->value) == taken.end())
            return refuse(ERANGE);
        found->second.value = wanted->value / found->second.step * found->second.step;
        return 0;
    }

    std::map<std::uint32_t, Control> controls;
    std::vector<std::pair<std::uint32_t, int>> calls; ///< what was set, in turn

private:
    static int refuse(int reason)
    {
        errno = reason;
        return -1;
    }
};

class V4l2ControlsTest : public ::testing::Test
{
protected:
    V4l2ControlsTest()
    {
        m_driver.controls[V4L2_CID_EXPOSURE_AUTO]
            = {.maximum = 3, .value = V4L2_EXPOSURE_APERTURE_PRIORITY, .taken = {V4L2_EXPOSURE_MANUAL, V4L2_EXPOSURE_APERTURE_PRIORITY}};
        m_driver.controls[V4L2_CID_EXPOSURE_ABSOLUTE] = {.minimum = 3, .maximum = 2'047, .value = 250, .flags = V4L2_CTRL_FLAG_INACTIVE};
        m_driver.controls[V4L2_CID_GAIN] = {.maximum = 100, .step = 5, .value = 20};
        m_driver.controls[V4L2_CID_FOCUS_ABSOLUTE] = {.value = 7, .flags = V4L2_CTRL_FLAG_READ_ONLY};
    }
    ControlState tell(CameraControl control, const CameraSettings &wanted)
    {
        const ControlStates states = adjustV4l2(std::ref(m_driver), wanted);
        return *std::ranges::find(states, control, &ControlState::control);
    }
    FakeDriver m_driver;
};

TEST_F(V4l2ControlsTest, TellsWhatThereIsAndChangesNothingUnlessTold)
{
    EXPECT_EQ(tell(CameraControl::Exposure, {}),
              (ControlState{CameraControl::Exposure, Condition::Adjustable, {true, 250}, 3, 2'047, 1, true}));
    EXPECT_EQ(tell(CameraControl::Gain, {}), (ControlState{CameraControl::Gain, Condition::Adjustable, {false, 20}, 0, 100, 5, false}));
    EXPECT_EQ(tell(CameraControl::WhiteBalance, {}).condition, Condition::Missing);
    EXPECT_EQ(tell(CameraControl::Focus, {}).condition, Condition::Locked);
    EXPECT_TRUE(m_driver.calls.empty());
}

TEST_F(V4l2ControlsTest, AValueIsSetAfterTheCameraHasLetGoOfIt)
{
    const ControlState state = tell(CameraControl::Exposure, {{CameraControl::Exposure, {false, 120}}});
    EXPECT_EQ(state.condition, Condition::Adjustable);
    EXPECT_EQ(state.setting, (ControlSetting{false, 120}));
    EXPECT_EQ(m_driver.calls, (std::vector<std::pair<std::uint32_t, int>>{{V4L2_CID_EXPOSURE_AUTO, V4L2_EXPOSURE_MANUAL},
                                                                          {V4L2_CID_EXPOSURE_ABSOLUTE, 120}}));
}

TEST_F(V4l2ControlsTest, AutomaticExposureIsWhicheverKindTheCameraKnows)
{
    m_driver.controls[V4L2_CID_EXPOSURE_AUTO] = {.maximum = 1, .value = V4L2_EXPOSURE_MANUAL, .taken = {V4L2_EXPOSURE_AUTO, V4L2_EXPOSURE_MANUAL}};
    EXPECT_TRUE(tell(CameraControl::Exposure, {{CameraControl::Exposure, {true, 0}}}).setting.isAuto);
}

TEST_F(V4l2ControlsTest, AValueInItsStepsIsTakenAndARefusedOneIsTold)
{
    EXPECT_EQ(tell(CameraControl::Gain, {{CameraControl::Gain, {false, 42}}}).condition, Condition::Adjustable);
    EXPECT_EQ(m_driver.controls[V4L2_CID_GAIN].value, 40);
    m_driver.controls[V4L2_CID_GAIN].taken = {20};
    const ControlState refused = tell(CameraControl::Gain, {{CameraControl::Gain, {false, 90}}});
    EXPECT_EQ(refused.condition, Condition::Refused);
    EXPECT_EQ(refused.setting.value, 40);
}

TEST_F(V4l2ControlsTest, WhatIsLockedIsLeftAlone)
{
    EXPECT_EQ(tell(CameraControl::Focus, {{CameraControl::Focus, {false, 9}}}).condition, Condition::Locked);
    EXPECT_TRUE(m_driver.calls.empty());
}

TEST(UsbIdentity, IsReadFromTheDeviceAroundTheInterface)
{
    const ScratchFolder system;
    std::filesystem::create_directories(system.path() / "usb1/1-1/1-1:1.0");
    std::filesystem::create_directories(system.path() / "class/video0");
    std::filesystem::create_directory_symlink(system.path() / "usb1/1-1/1-1:1.0", system.path() / "class/video0/device");
    EXPECT_EQ(usbIdentityOf("/dev/video0", system.path() / "class"), "");
    std::ofstream(system / "usb1/1-1/idVendor") << "046d\n";
    std::ofstream(system / "usb1/1-1/idProduct") << "0825\n";
    EXPECT_EQ(usbIdentityOf("/dev/video0", system.path() / "class"), "046d:0825 1-1");
    std::ofstream(system / "usb1/1-1/serial") << "200901010001\n";
    EXPECT_EQ(usbIdentityOf("/dev/video0", system.path() / "class"), "046d:0825 200901010001");
    EXPECT_EQ(usbIdentityOf("/dev/video7", system.path() / "class"), "");
}

TEST(UsbIdentity, TwoCamerasOfOneModelWithoutASerialAreToldApartByTheirPorts)
{
    const ScratchFolder system;
    const auto plugIn = [&](const std::string &node, const std::string &port) {
        const std::filesystem::path usb = system.path() / "usb1" / port, picture = usb / (port + ":1.0");
        std::filesystem::create_directories(picture);
        std::filesystem::create_directories(system.path() / "class" / node);
        std::filesystem::create_directory_symlink(picture, system.path() / "class" / node / "device");
        std::ofstream(usb / "idVendor") << "046d\n";
        std::ofstream(usb / "idProduct") << "0825\n";
        return usbIdentityOf("/dev/" + node, system.path() / "class");
    };
    EXPECT_EQ(plugIn("video0", "1-1"), "046d:0825 1-1");
    EXPECT_EQ(plugIn("video2", "1-1.4"), "046d:0825 1-1.4"); // behind a hub
}

} // namespace
} // namespace auroraedge::plugins
