#include "engine/experiment/comparison/student_t.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace entente::experiment {

double student_t_quantile(double probability, double degrees) {
  return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double student_t_upper_tail(double statistic, double degrees) {
  if (std::isinf(statistic)) return statistic > 0.0 ? 0.0 : 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), statistic));
}

}  // namespace entente::experiment
