package optional_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/optional"
)

func TestAValueThatIsGivenCountsAlsoWhenItIsZero(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 3, optional.Or(nil, 3))
	assert.Equal(t, 0, optional.Or(new(0), 3))
	assert.Equal(t, 5, optional.Or(new(5), 3))
}

func TestAnEmptyTextIsNone(t *testing.T) {
	t.Parallel()
	assert.Nil(t, optional.Text(""))
	assert.Equal(t, new("a"), optional.Text("a"))
}
