package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

func TestAValueThatIsGivenCountsAlsoWhenItIsZero(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 3, check.ValueOr(nil, 3))
	assert.Equal(t, 0, check.ValueOr(new(0), 3))
	assert.Equal(t, 5, check.ValueOr(new(5), 3))
}

func TestAnEmptyTextIsNone(t *testing.T) {
	t.Parallel()
	assert.Nil(t, check.TextOrNil(""))
	assert.Equal(t, new("a"), check.TextOrNil("a"))
}
