#include "bench/plain_market.hpp"

#include <cmath>
#include <ctime>
#include <random>

#include "bench/reference_market.hpp"

namespace entente::bench {

namespace {

constexpr double activity = 0.2;
constexpr double inertia = 1.0;
constexpr double network = 0.3;
constexpr double network_floor = 1e-4;

struct Consumer {
  double price_sensitivity;
  double taste;
  int owned;
};

struct Firms {
  std::vector<double> quality;
  std::vector<double> cost;
  std::vector<double> price;
  std::vector<double> network_utility;

  explicit Firms(int products) {
    for (int j = 0; j < products; ++j) {
      quality.push_back(reference_quality(j, products));
      cost.push_back(reference_cost(j, products));
      price.push_back(cost.back() + 1.0);
    }
    network_utility.resize(quality.size());
  }

  void see_base(const std::vector<std::int64_t>& base, double consumers) {
    for (std::size_t j = 0; j < price.size(); ++j) {
      network_utility[j] =
          network * std::log(static_cast<double>(base[j]) / consumers + network_floor);
    }
  }

  void reprice(const std::vector<std::int64_t>& chosen, double active) {
    for (std::size_t j = 0; j < price.size(); ++j) {
      const double share = static_cast<double>(chosen[j]) / active;
      const double target = cost[j] + 1.0 / (reference_sensitivity() * (1.0 - share));
      price[j] += 0.5 * (target - price[j]);
    }
  }
};

}  // namespace

double process_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

PlainRun run_plain_market(int products, std::int64_t consumers, unsigned seed, int most_periods,
                          double seconds) {
  const auto count = static_cast<std::size_t>(products);
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<Consumer> population(static_cast<std::size_t>(consumers));
  std::vector<std::int64_t> base(count + 1, 0);
  for (Consumer& consumer : population) {
    consumer.price_sensitivity = std::exp(0.5 * normal(generator));
    consumer.taste = normal(generator);
    consumer.owned = static_cast<int>(generator() % count);
    ++base[static_cast<std::size_t>(consumer.owned)];
  }
  Firms firms(products);
  PlainRun run;
  const double start = process_cpu_seconds();
  while (run.periods < most_periods && run.cpu_seconds < seconds) {
    firms.see_base(base, static_cast<double>(consumers));
    std::vector<std::int64_t> chosen(count + 1, 0);
    std::int64_t active = 0;
    for (Consumer& consumer : population) {
      if (uniform(generator) >= activity) continue;
      ++active;
      std::vector<double> weight(count + 1);
      double total = 1.0;
      weight[count] = 1.0;
      for (std::size_t j = 0; j < count; ++j) {
        weight[j] = std::exp(
            firms.quality[j] * consumer.taste - consumer.price_sensitivity * firms.price[j] +
            (static_cast<int>(j) == consumer.owned ? inertia : 0.0) + firms.network_utility[j]);
        total += weight[j];
      }
      double draw = uniform(generator) * total;
      std::size_t best = 0;
      while (best < count && draw >= weight[best]) {
        draw -= weight[best];
        ++best;
      }
      --base[static_cast<std::size_t>(consumer.owned)];
      ++base[best];
      consumer.owned = static_cast<int>(best);
      ++chosen[best];
    }
    firms.reprice(chosen, static_cast<double>(active));
    run.decisions += active;
    ++run.periods;
    run.cpu_seconds = process_cpu_seconds() - start;
  }
  run.bytes_per_consumer = sizeof(Consumer);
  for (const std::int64_t owners : base)
    run.share.push_back(static_cast<double>(owners) / static_cast<double>(consumers));
  run.price = firms.price;
  return run;
}

}  // namespace entente::bench
