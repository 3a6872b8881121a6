package sagemaker

import (
	"sagehost/internal/localaws/awsjson"
	"sagehost/internal/localaws/shape"
)

// anyInput is what a request that is refused anyway may have.
var anyInput = shape.Structure()

// search is refused: the emulator would answer that there is nothing.
func (c call) search() (awsjson.Object, error) {
	return nil, awsjson.Invalid("the local AWS does not search; the operations that list find what there is")
}
