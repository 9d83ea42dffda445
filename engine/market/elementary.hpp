#pragma once

namespace entente::market {

/// exp and log with the same bits at any place and on any processor: glibc picks a version by the
/// processor's features, and packet versions differ from their scalar tails. Within 1 ulp or so.
double deterministic_exp(double x);
double deterministic_log(double x);

}  // namespace entente::market
