#pragma once

#include "engine/api/result.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace auroraedge::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true; ///< a sanitizer's memory and work are not those of what is tested
#else
inline constexpr bool kIsSanitized = false;
#endif

/// How opening a file ended, and what it cost.
struct Opened
{
    std::string code; ///< of the error; empty when it was opened
    std::size_t peakBytes = 0; ///< by how much the peak of the memory grew
};

/// Calls @p open, which gives a Result, in a process of its own, because a peak does not go down again.
template <typename Open>
Opened openedApart(Open open)
{
    struct Told
    {
        char code[16];
        long peakKib;
    };
    malloc_trim(0); // the child would fill what is free here without growing
    int ends[2] = {};
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        const auto peak = [] {
            rusage usage{};
            getrusage(RUSAGE_SELF, &usage);
            return usage.ru_maxrss;
        };
        const long before = peak();
        const auto opened = open();
        Told told{{}, peak() - before};
        if (!opened)
            opened.error().code.text().copy(told.code, sizeof told.code - 1);
        _exit(write(ends[1], &told, sizeof told) == sizeof told ? 0 : 1);
    }
    close(ends[1]);
    Told told{};
    EXPECT_EQ(read(ends[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    return {told.code, static_cast<std::size_t>(told.peakKib) << 10};
}

/// What opening files of @p fileBytes may take.
constexpr std::size_t allowedPeak(std::size_t fileBytes)
{
    return fileBytes + (std::size_t{64} << 20);
}

/// Text of @p count items; a hostile file is long and dull.
template <typename Item>
std::string repeated(const std::string &begin, std::size_t count, Item item, const std::string &end, const std::string &between = ",")
{
    std::string text = begin;
    for (std::size_t i = 0; i < count; ++i)
        text += (i > 0 ? between : "") + item(i);
    return text + end;
}

} // namespace auroraedge::testing
