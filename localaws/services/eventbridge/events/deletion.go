package events

import (
	"cmp"
	"encoding/xml"
)

// deletionType is what events call a deletion.
func deletionType(marked bool) string {
	if marked {
		return "Delete Marker Created"
	}
	return "Permanently Deleted"
}

// deleted lists the objects of a DeleteObjects, but those that the answer tells an error of. A quiet answer tells of
// nothing else.
func (c *change) deleted() []detail {
	var asked struct {
		Objects []struct{ Key, VersionId string } `xml:"Object"` //nolint:revive // S3 spells it so
	}
	var told struct {
		Deleted []struct {
			Key                   string
			DeleteMarker          bool
			DeleteMarkerVersionId string //nolint:revive // S3 spells it so
		}
		Failed []struct{ Key string } `xml:"Error"`
	}
	if xml.Unmarshal(c.sent.kept, &asked) != nil || xml.Unmarshal(c.answer.copied.kept, &told) != nil {
		return nil
	}
	failed, markers := map[string]bool{}, map[string]string{}
	for _, one := range told.Failed {
		failed[one.Key] = true
	}
	for _, one := range told.Deleted {
		if one.DeleteMarker {
			markers[one.Key] = one.DeleteMarkerVersionId
		}
	}
	var list []detail
	for _, one := range asked.Objects {
		if failed[one.Key] {
			continue
		}
		marker, marked := markers[one.Key]
		changed := object{Key: one.Key, VersionID: cmp.Or(one.VersionId, marker)}
		list = append(list, c.detail(changed, deletionType(marked)))
	}
	return list
}
