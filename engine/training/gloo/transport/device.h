#pragma once

namespace gloo::transport {

class Device;        ///< a network interface; only pointers to it pass through here
class UnboundBuffer; ///< memory on its way to a peer; the same

} // namespace gloo::transport
