#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace auroraedge::testing {

/// Seeded values, the same on every machine: of the standard library only the generator is used.
class Random final
{
public:
    explicit Random(std::uint64_t seed) : m_generator(seed) {}

    /// 0 .. @p count - 1
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(m_generator() % count); }
    /// @p low .. @p high, both possible
    int intIn(int low, int high) { return low + static_cast<int>(below(static_cast<std::size_t>(high - low) + 1)); }

    std::string bytes(std::size_t count)
    {
        std::string made;
        while (made.size() < count)
            made += static_cast<char>(below(256));
        return made;
    }

    /// Any code point that UTF-8 can write; small ones more often, as in real text.
    char32_t character()
    {
        static constexpr char32_t kEnds[] = {0x80, 0x800, 0x3400, 0x10000, 0x20000, 0x110000};
        const char32_t made = static_cast<char32_t>(below(kEnds[below(std::size(kEnds))]));
        return made >= 0xD800 && made < 0xE000 ? U' ' : made;
    }

    std::string text(std::size_t characters)
    {
        std::string made;
        for (std::size_t i = 0; i < characters; ++i)
            made += utf8(character());
        return made;
    }

    static std::string utf8(char32_t c)
    {
        const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
        if (c < 0x80)
            return {static_cast<char>(c)};
        if (c < 0x800)
            return {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
        if (c < 0x10000)
            return {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
        return {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
    }

private:
    std::mt19937_64 m_generator;
};

} // namespace auroraedge::testing
