#include "app/commands.h"

int main(int argc, char** argv) { return kam::app::Main(argc, argv); }
