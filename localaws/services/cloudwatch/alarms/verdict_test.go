package alarms

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

const (
	ok           = types.StateValueOk
	alarming     = types.StateValueAlarm
	insufficient = types.StateValueInsufficientData
	keeps        = types.StateValue("")
)

// marksOf reads "0 - X", the newest last, as in the tables of CloudWatch's user guide.
func marksOf(row string) []mark {
	fields := strings.Fields(row)
	marks := make([]mark, len(fields))
	for i, field := range fields {
		marks[len(fields)-1-i] = map[string]mark{"-": missing, "0": within, "X": breaching}[field]
	}
	return marks
}

func TestMissingDataIsTreatedAsInTheUserGuide(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		row                                      string
		m, filled                                int
		missing, ignore, breaching, notBreaching types.StateValue
	}{
		// The table for 3 out of 3.
		{"0 - X - X", 3, 0, ok, ok, ok, ok},
		{"0 - - - -", 3, 2, ok, ok, ok, ok},
		{"- - - - -", 3, 3, insufficient, keeps, alarming, ok},
		{"0 X X - X", 3, 0, alarming, alarming, alarming, alarming},
		{"- - X - -", 3, 2, alarming, keeps, alarming, ok},
		// The table for 2 out of 3.
		{"0 - X - X", 2, 0, alarming, alarming, alarming, alarming},
		{"0 0 X 0 X", 2, 0, alarming, alarming, alarming, alarming},
		{"0 - X - -", 2, 1, ok, ok, alarming, ok},
		{"- - - - 0", 2, 2, ok, ok, alarming, ok},
		{"- - - X -", 2, 2, alarming, keeps, alarming, ok},
		// "Avoiding premature transitions to alarm state", 3 out of 3.
		{"- - - - X", 3, 2, ok, keeps, alarming, ok},
		{"- - - X -", 3, 2, ok, keeps, alarming, ok},
		{"- - - X 0", 3, 1, ok, ok, ok, ok},
		{"- - X - 0", 3, 1, ok, ok, ok, ok},
		// Data points that are not needed are left out.
		{"X X 0 0 0", 2, 0, ok, ok, ok, ok},
		{"0 0 X X X", 3, 0, alarming, alarming, alarming, alarming},
		{"- X - X -", 2, 1, alarming, alarming, alarming, alarming},
	} {
		for treat, want := range map[treatment]types.StateValue{
			"": test.missing, treatMissing: test.missing, treatIgnore: test.ignore,
			treatBreaching: test.breaching, treatNotBreaching: test.notBreaching,
		} {
			got := decide(marksOf(test.row), 3, test.m, treat)
			assert.Equal(t, want, got.state, "%d out of 3, %q, %s", test.m, treat, test.row)
			assert.Equal(t, test.filled, got.filled, "%d out of 3, %q, %s", test.m, treat, test.row)
		}
	}
}

func TestEachTreatmentOfMissingDataKeepsItsPromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		m := rapid.IntRange(1, n).Draw(t, "m")
		marks := rapid.SliceOfN(rapid.SampledFrom([]mark{missing, within, breaching}), n+spare, n+spare).Draw(t, "marks")
		got := map[treatment]verdict{}
		for _, treat := range []treatment{treatMissing, treatIgnore, treatBreaching, treatNotBreaching} {
			got[treat] = decide(marks, n, m, treat)
			assert.Equal(t, n, len(got[treat].used)+got[treat].filled, "all evaluated are real or filled in")
		}
		assert.Contains(t, []types.StateValue{ok, alarming}, got[treatBreaching].state)
		assert.Contains(t, []types.StateValue{ok, alarming}, got[treatNotBreaching].state)
		assert.NotEqual(t, insufficient, got[treatIgnore].state)
		assert.NotEqual(t, keeps, got[treatMissing].state)
		assert.Equal(t, len(got[treatMissing].used) == 0, got[treatMissing].state == insufficient)
		if got[treatNotBreaching].state == alarming {
			for treat, verdict := range got {
				assert.Equal(t, alarming, verdict.state, "enough data points breach for %s", treat)
			}
		}
		if got[treatBreaching].state == ok {
			assert.NotEqual(t, alarming, got[treatMissing].state)
			assert.NotEqual(t, alarming, got[treatIgnore].state)
		}
		if got[treatMissing].filled == 0 {
			for treat, verdict := range got {
				assert.Equal(t, got[treatMissing].state, verdict.state, "nothing is missing for %s", treat)
			}
		}
	})
}
