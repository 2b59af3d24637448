#pragma once

namespace kam::app {

// Runs `kam <command> [--flag=value …]` and answers its exit code: 0, 1 when it failed, 2 when it
// was called wrongly.
int Main(int argc, char** argv);

}  // namespace kam::app
