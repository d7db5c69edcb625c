#pragma once

namespace auroraedge::app {

/// Call first in main. The first file that is opened gets the number of a standard stream that is closed, and what is printed would
/// go into it. So nothing is put in its place first; the standard output cannot be written to then, which is told.
void takeClosedStreams();

/// Call before anything is begun. Sets what libraries read once while they are loaded, and starts the program again with it
/// (at most once): OMP_WAIT_POLICY=passive, as spinning OpenMP threads make a product 10 times slower when another
/// program wants a core, how many compiled kernels oneDNN keeps, and OpenCV's limit of pixels. Values that the user has
/// set are kept.
/// Returns when nothing had to change, or when the restart failed (slower, but the program works).
void prepareEnvironment(char **argv);

} // namespace auroraedge::app
