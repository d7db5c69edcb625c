#pragma once

#include <opencv2/core.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <utility>
#include <vector>

namespace auroraedge::app {

/// The random numbers of one picture. A kind draws the same ones whether its canvas paints or not, so that describing and
/// drawing a picture agree; what is there to be looked at alone (background, noise) has dice of its own in Canvas.
/// One number a declaration, or several in braces: in which order a compiler takes the arguments of a call or the operands
/// of * and + is its own affair, and the picture must not depend on it.
class Dice final
{
public:
    explicit Dice(std::uint64_t seed) : m_random(seed) {}

    double between(double low, double high) { return low + (high - low) * static_cast<double>(m_random() >> 11) * 0x1.0p-53; }
    int whole(int low, int high) { return low + static_cast<int>(between(0, 1) * (high - low + 1)); } ///< both ends included
    bool chance(double share) { return between(0, 1) < share; }
    /// REQUIRES: @p list is not empty and outlives what is returned.
    template <typename List>
    const auto &oneOf(const List &list)
    {
        return list[static_cast<std::size_t>(whole(0, static_cast<int>(std::size(list)) - 1))];
    }
    std::uint64_t seed() { return m_random(); } ///< for a generator of another sort

private:
    std::mt19937_64 m_random;
};

using Colour = cv::Scalar; ///< red, green, blue, 0..255

/// A place in the picture, both 0..1 from the top left.
struct Place
{
    double x = 0, y = 0;
};

/// The plane of a part: turned, scaled and moved, so that every shape of the part turns with it.
struct Pose
{
    Place centre{0.5, 0.5};
    double scale = 1; ///< of one unit of the part, in picture widths
    double angle = 0; ///< radians, clockwise on the screen

    [[nodiscard]] Place at(double x, double y) const;
    /// @param x and y in the picture, whatever the angle.
    [[nodiscard]] Pose moved(double x, double y) const { return {{centre.x + x, centre.y + y}, scale, angle}; }
};

/// Paints with soft edges; without a picture (describing) every call does nothing. Lengths (radii, thickness, softness) are
/// in picture widths, angles in radians, clockwise on the screen.
class Canvas final
{
public:
    /// For describing.
    Canvas() = default;
    /// @param seed of what only paints.
    Canvas(int sidePx, std::uint64_t seed);

    [[nodiscard]] bool isPainting() const { return !m_picture.empty(); }

    void fill(const Colour &colour);
    void disc(Place centre, double radius, const Colour &colour);
    void ring(Place centre, double radius, double thickness, const Colour &colour);
    void ellipse(Place centre, double radiusX, double radiusY, double angle, const Colour &colour);
    void polygon(const std::vector<Place> &corners, const Colour &colour);
    void line(Place from, Place to, double thickness, const Colour &colour);
    void polyline(const std::vector<Place> &points, double thickness, const Colour &colour);
    /// @param opacity 0..1: how much of @p colour covers what is there. @param softness of the edge; 0 for a sharp one.
    void stain(const std::vector<Place> &corners, const Colour &colour, double opacity, double softness);
    /// Light added round @p centre, fading to nothing at the radii: a glare, a lamp.
    void glow(Place centre, double radiusX, double radiusY, const Colour &light);
    /// Multiplies what is there by @p factors (one and more), spread evenly from top to bottom, or from left to right.
    void shade(const std::vector<double> &factors, bool isAcross = false);
    /// As a camera of so few pixels shows it: sharpened after the fact (@p sharpening 0: not at all), with smeared colours and
    /// grain of its own (@p noise is its standard deviation in grey values).
    void coarsen(int columns, int rows, double sharpening, double noise);

    /// One of the familiar surfaces (plain, brushed, speckled, gradient, stripes, wood-like, cloth-like), or with
    /// @p isUnfamiliar one of a set that is kept for measuring. Its look is drawn from the canvas' own seed.
    void background(bool isUnfamiliar);
    /// Light, shadow, blur and noise over all; call it last.
    void finish();

    [[nodiscard]] cv::Mat take() { return std::move(m_picture); } ///< RGB, 8 bits

private:
    void familiarSurface(const Colour &base);
    void unfamiliarSurface(const Colour &base);

    cv::Mat m_picture; ///< CV_8UC3
    Dice m_paint{0};   ///< of what only paints
};

} // namespace auroraedge::app
