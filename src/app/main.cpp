#include "app/command_line.h"

int main(int argc, char** argv) {
  return anima::app::run(argc, argv);
}
