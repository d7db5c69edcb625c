#pragma once

namespace auroraedge::app {

/// Call first in main. Sets what libraries read once while they are loaded, and starts the program again with it
/// (at most once): OMP_WAIT_POLICY=passive, as spinning OpenMP threads make a product 10 times slower when another
/// program wants a core, how many compiled kernels oneDNN keeps, and OpenCV's limit of pixels. Values that the user has
/// set are kept.
/// Returns when nothing had to change, or when the restart failed (slower, but the program works).
void prepareEnvironment(char **argv);

} // namespace auroraedge::app
