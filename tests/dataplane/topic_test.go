package dataplane_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notification is what a topic sends to a subscriber over HTTP.
type notification struct{ Type, TopicArn, Subject, Message string }

// topic makes a topic with a subscriber, whose notifications arrive in the channel.
func (w *world) topic(name string) (topicARN string, arrived <-chan notification) {
	w.tb.Helper()
	channel := make(chan notification, 100)
	subscriber := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var told notification
		if assert.NoError(w.tb, json.NewDecoder(r.Body).Decode(&told)) && told.Type == "Notification" {
			channel <- told
		}
	}))
	w.tb.Cleanup(subscriber.Close)
	made, err := w.sns.CreateTopic(w.tb.Context(), &sns.CreateTopicInput{Name: &name})
	require.NoError(w.tb, err)
	_, err = w.sns.Subscribe(w.tb.Context(), &sns.SubscribeInput{
		TopicArn: made.TopicArn, Protocol: aws.String("http"), Endpoint: &subscriber.URL,
	})
	require.NoError(w.tb, err)
	return *made.TopicArn, channel
}

// await takes the next notification.
func (w *world) await(arrived <-chan notification) notification {
	w.tb.Helper()
	select {
	case told := <-arrived:
		return told
	case <-time.After(soon):
		require.Fail(w.tb, "no notification")
		return notification{}
	}
}
