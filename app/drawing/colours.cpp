#include "app/drawing/colours.h"

#include <algorithm>

namespace auroraedge::app {

double brightness(const Colour &colour)
{
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2];
}

Colour mixed(const Colour &from, const Colour &to, double share)
{
    return from * (1 - share) + to * share;
}

Colour varied(Dice &dice, const Colour &colour, double spread)
{
    Colour result = colour;
    for (int channel = 0; channel < 3; ++channel)
        result[channel] = std::clamp(colour[channel] + dice.between(-spread, spread), 0.0, 255.0);
    return result;
}

Colour tintedGrey(Dice &dice, double light, double hint)
{
    const double red = dice.between(-hint, hint), blue = dice.between(-hint, hint);
    return {light + red, light, light + blue};
}

std::vector<Colour> plainOn(const Colour &ground, const std::vector<Colour> &colours, double distance)
{
    std::vector<Colour> plain;
    for (const Colour &colour : colours)
        if (cv::norm(colour - ground) > distance)
            plain.push_back(colour);
    return plain;
}

} // namespace auroraedge::app
