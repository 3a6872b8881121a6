package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPathIsWrittenAsAUserWouldTypeIt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		at   At
		want string
	}{
		{"the value itself has no path", New(""), ""},
		{"the first key stands alone", New("").Key("models"), "models"},
		{"keys are joined by dots", New("").Key("models").Key("flowers"), "models.flowers"},
		{"no dot follows the namespace", New("sagehost:").Key("models"), "sagehost:models"},
		{"dots follow below the namespace", New("sagehost:").Key("models").Key("flowers"), "sagehost:models.flowers"},
		{"indices stand in brackets", New("").Key("variants").Index(0), "variants[0]"},
		{"a member of an element", New("").Key("variants").Index(12).Key("name"), "variants[12].name"},
		{"an element of the value itself", New("").Index(3), "[3]"},
		{"hyphens need no quotes", New("").Key("iris-2"), "iris-2"},
		{"underscores need no quotes", New("").Key("_LOG_LEVEL2"), "_LOG_LEVEL2"},
		{"a dot is quoted", New("").Key("models").Key("a.b"), `models["a.b"]`},
		{"a space is quoted", New("").Key("models").Key("a b"), `models["a b"]`},
		{"a leading digit is quoted", New("").Key("models").Key("2nd"), `models["2nd"]`},
		{"brackets are quoted", New("").Key("models").Key("a[0]"), `models["a[0]"]`},
		{"the empty key is quoted", New("").Key("models").Key(""), `models[""]`},
		{"quotes are escaped", New("").Key("models").Key(`a"b`), `models["a\"b"]`},
		{"line breaks are escaped", New("").Key("models").Key("a\nb"), `models["a\nb"]`},
		{"a key follows a quoted key", New("").Key("a.b").Key("c"), `["a.b"].c`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.at.Addf("is wrong")
			var problems Problems
			require.ErrorAs(t, test.at.Err(), &problems)
			assert.Equal(t, Problems{{Path: test.want, Text: "is wrong"}}, problems)
		})
	}
}

func TestAPlaceIsNotChangedByThePlacesBelowIt(t *testing.T) {
	t.Parallel()
	at := New("").Key("variants")
	at.Index(0).Key("name")
	at.Key("weight")
	at.Addf("is wrong")
	assert.EqualError(t, at.Err(), "variants: is wrong")
}

func TestNoProblemIsNoError(t *testing.T) {
	t.Parallel()
	at := New("sagehost:")
	at.Key("models").Key("flowers")
	assert.NoError(t, at.Err())
}

func TestEveryPlaceReportsToTheSameList(t *testing.T) {
	t.Parallel()
	root := New("")
	root.Key("a").Addf("is %d", 1)
	root.Key("b").Index(0).Addf("is %d", 2)
	assert.EqualError(t, root.Key("c").Err(), "a: is 1\nb[0]: is 2")
}

func TestProblemsAreSortedByPath(t *testing.T) {
	t.Parallel()
	root := New("")
	for _, key := range []string{"c", "a", "d", "b"} {
		root.Key(key).Addf("is wrong")
	}
	assert.EqualError(t, root.Err(), "a: is wrong\nb: is wrong\nc: is wrong\nd: is wrong")
}

func TestElementsOfAListAreSortedByNumber(t *testing.T) {
	t.Parallel()
	root := New("list")
	for _, i := range []int{10, 2, 0} {
		root.Index(i).Key("a").Addf("is wrong")
	}
	assert.EqualError(t, root.Err(), "list[0].a: is wrong\nlist[2].a: is wrong\nlist[10].a: is wrong")
}

func TestProblemsAtOnePlaceKeepTheirOrder(t *testing.T) {
	t.Parallel()
	root := New("")
	root.Key("b").Addf("is too long")
	root.Key("b").Addf("holds a space")
	root.Key("a").Addf("is required")
	assert.EqualError(t, root.Err(), "a: is required\nb: is too long\nb: holds a space")
}

func TestAProblemFoundTwiceIsReportedOnce(t *testing.T) {
	t.Parallel()
	root := New("")
	root.Key("a").Addf("is required")
	root.Key("b").Addf("is required")
	root.Key("a").Addf("is required")
	assert.EqualError(t, root.Err(), "a: is required\nb: is required")
}

func TestReportingLaterDoesNotChangeAnErrorAtHand(t *testing.T) {
	t.Parallel()
	root := New("")
	root.Key("b").Addf("is wrong")
	err := root.Err()
	root.Key("a").Addf("is wrong")
	assert.EqualError(t, err, "b: is wrong")
}

func TestAProblemOfTheWholeValueHasNoPath(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "has 0 entries", Problem{Text: "has 0 entries"}.String())
}
