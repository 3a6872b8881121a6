package content

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"

	"sagehost/examples/hosting/media"
	"sagehost/examples/scoring/linear"
)

// Encode writes predictions: in CSV a line with the class and its probability for each, in JSON one object with all of
// them under "predictions", in JSON Lines one object on each line.
func Encode(format media.Format, predictions []linear.Prediction) ([]byte, error) {
	var body bytes.Buffer
	var err error
	switch format {
	case media.CSV:
		err = encodeCSV(&body, predictions)
	case media.Lines:
		encoder := json.NewEncoder(&body)
		for _, prediction := range predictions {
			if err = encoder.Encode(prediction); err != nil {
				break
			}
		}
	default:
		err = json.NewEncoder(&body).Encode(map[string][]linear.Prediction{"predictions": predictions})
	}
	if err != nil {
		return nil, fmt.Errorf("write predictions as %s: %w", format, err)
	}
	return body.Bytes(), nil
}

func encodeCSV(body *bytes.Buffer, predictions []linear.Prediction) error {
	writer := csv.NewWriter(body)
	for _, prediction := range predictions {
		probability := strconv.FormatFloat(prediction.Probabilities[prediction.Class], 'g', -1, 64)
		if err := writer.Write([]string{prediction.Class, probability}); err != nil {
			return err
		}
	}
	writer.Flush()
	return writer.Error()
}
