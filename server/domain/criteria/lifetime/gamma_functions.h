// ln Γ and its derivative, thread-safe (std::lgamma writes a global) and without exceptions:
// an argument outside the domain gives NaN, an overflow gives infinity.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_GAMMA_FUNCTIONS_H_
#define KAM_SERVER_DOMAIN_LIFETIME_GAMMA_FUNCTIONS_H_

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>

namespace kam::domain {

using QuietMath = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::promote_double<false>>;

// ln Γ(x), x > 0.
inline double LogGamma(double x) { return boost::math::lgamma(x, QuietMath()); }

// ψ(x) = d ln Γ(x) / dx, x > 0.
inline double Digamma(double x) { return boost::math::digamma(x, QuietMath()); }

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_GAMMA_FUNCTIONS_H_
