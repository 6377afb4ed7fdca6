// In place of types/time/time.go of CometBFT v0.38.21, and different from it only in Now: the clock of a local chain can be
// moved forward (`scripts/localnet wait`). Without the environment variable it is the original.

package time

import (
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Now returns the current time in UTC with no monotonic component, moved forward by what LOCALNET_CLOCK_FILE says.
func Now() time.Time {
	return Canonical(time.Now().Add(ahead()))
}

// ahead is by how much a local chain's clock is ahead: whole seconds in a file, none without one. It is read at every
// call, so that the clock moves while the chain runs.
func ahead() time.Duration {
	path := os.Getenv("LOCALNET_CLOCK_FILE")
	if path == "" {
		return 0
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// Canonical returns UTC time with no monotonic component.
// Stripping the monotonic component is for time equality.
// See https://github.com/tendermint/tendermint/pull/2203#discussion_r215064334
func Canonical(t time.Time) time.Time {
	return t.Round(0).UTC()
}

// WeightedTime for computing a median.
type WeightedTime struct {
	Time   time.Time
	Weight int64
}

// NewWeightedTime with time and weight.
func NewWeightedTime(time time.Time, weight int64) *WeightedTime {
	return &WeightedTime{
		Time:   time,
		Weight: weight,
	}
}

// WeightedMedian computes weighted median time for a given array of WeightedTime and the total voting power.
func WeightedMedian(weightedTimes []*WeightedTime, totalVotingPower int64) (res time.Time) {
	median := totalVotingPower / 2

	sort.Slice(weightedTimes, func(i, j int) bool {
		if weightedTimes[i] == nil {
			return false
		}
		if weightedTimes[j] == nil {
			return true
		}
		return weightedTimes[i].Time.UnixNano() < weightedTimes[j].Time.UnixNano()
	})

	for _, weightedTime := range weightedTimes {
		if weightedTime != nil {
			if median <= weightedTime.Weight {
				res = weightedTime.Time
				break
			}
			median -= weightedTime.Weight
		}
	}
	return
}
