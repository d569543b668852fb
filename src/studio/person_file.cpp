#include "studio/person_file.h"

#include "core/tensor_file.h"

namespace anima::studio {

void save_person(const std::filesystem::path& path, const PersonFile& person) {
  TensorFile file;
  person.avatar.save(file);
  person.basis.save(file);
  person.motion.save(file);
  file.metadata["ai_generated"] = "true";
  write_tensor_file(path, file);
}

PersonFile load_person(const std::filesystem::path& path) {
  const TensorFile file = read_tensor_file(path);
  return {avatar::Avatar::load(file), face::ExpressionBasis::load(file), motion::MotionModel::load(file)};
}

}  // namespace anima::studio
