package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"sagehost/examples/hosting/media"
)

// Encode writes rows as the next container reads them: in CSV a line for each, in JSON one object with all of them
// under "instances", in JSON Lines an array on each line. Read again, the numbers are the same to the last bit.
func Encode(format media.Format, rows [][]float64) ([]byte, error) {
	var body bytes.Buffer
	var err error
	switch format {
	case media.CSV:
		return encodeCSV(rows), nil
	case media.Lines:
		encoder := json.NewEncoder(&body)
		for _, row := range rows {
			if err = encoder.Encode(row); err != nil {
				break
			}
		}
	default:
		err = json.NewEncoder(&body).Encode(map[string][][]float64{"instances": rows})
	}
	if err != nil {
		return nil, fmt.Errorf("write rows as %s: %w", format, err)
	}
	return body.Bytes(), nil
}

func encodeCSV(rows [][]float64) []byte {
	var body []byte
	for _, row := range rows {
		for i, value := range row {
			if i > 0 {
				body = append(body, ',')
			}
			body = strconv.AppendFloat(body, value, 'g', -1, 64)
		}
		body = append(body, '\n')
	}
	return body
}
