#pragma once

#include "engine/api/error_code.h"

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace auroraedge {

/// What went wrong, for one person to read: code, one sentence, and the object it is about.
struct Error
{
    ErrorCode code = code::Internal;
    std::string message; ///< one English sentence that stands alone, without the code: "part7.jpg is empty (0 bytes)"
    std::string object;  ///< file, camera, tensor or setting it is about; may be empty
};

/// The error with what was being done put before its message: "loading encoder: missing ...".
[[nodiscard]] inline Error withContext(Error error, std::string_view doing)
{
    error.message = std::string(doing) + ": " + error.message;
    return error;
}

/// Lets `return failure(...)` convert to any Result<T>.
struct Failure
{
    Error error;
};

[[nodiscard]] inline Failure failure(ErrorCode errorCode, std::string message, std::string object = {})
{
    return {{errorCode, std::move(message), std::move(object)}};
}
[[nodiscard]] inline Failure failure(Error error) { return {std::move(error)}; }

/// A T or an Error; std::expected's member names.
///
///     Result<Frame> frame = decodePicture(path);
///     if (!frame)
///         return failure(frame.error());
///     use(*frame);
template <typename T>
class [[nodiscard]] Result final
{
public:
    Result(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failed) : m_content(std::in_place_index<1>, std::move(failed.error)) {}

    [[nodiscard]] bool has_value() const { return m_content.index() == 0; }
    explicit operator bool() const { return has_value(); }

    /// REQUIRES: has_value().
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(value()); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }
    T &value() &
    {
        assert(has_value());
        return *std::get_if<0>(&m_content);
    }
    const T &value() const &
    {
        assert(has_value());
        return *std::get_if<0>(&m_content);
    }
    T &&value() && { return std::move(static_cast<Result &>(*this).value()); }

    /// REQUIRES: !has_value().
    [[nodiscard]] const Error &error() const
    {
        assert(!has_value());
        return *std::get_if<1>(&m_content);
    }

private:
    std::variant<T, Error> m_content;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> final
{
public:
    Result() = default;
    Result(Failure failed) : m_error(std::move(failed.error)), m_ok(false) {}

    [[nodiscard]] bool has_value() const { return m_ok; }
    explicit operator bool() const { return m_ok; }
    [[nodiscard]] const Error &error() const
    {
        assert(!m_ok);
        return m_error;
    }

private:
    Error m_error;
    bool m_ok = true;
};

} // namespace auroraedge
