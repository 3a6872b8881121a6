package sagemaker_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func endpointNames(out *sdk.ListEndpointsOutput) []string {
	names := []string{}
	for _, e := range out.Endpoints {
		names = append(names, *e.EndpointName)
	}
	return names
}

// four makes the endpoints b, a, cat and dog, a minute apart; dog is still being created.
func four(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	w.config("c1", variant("v"))
	for _, name := range []string{"b", "a", "cat", "dog"} {
		w.endpoint(name, "c1")
		w.pass(time.Minute)
	}
	w.pass(3 * time.Minute)
	return w
}

func TestListEndpointsFiltersAndSorts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   sdk.ListEndpointsInput
		want []string
	}{
		{"newest first", sdk.ListEndpointsInput{}, []string{"dog", "cat", "a", "b"}},
		{"oldest first", sdk.ListEndpointsInput{SortOrder: types.OrderKeyAscending}, []string{"b", "a", "cat", "dog"}},
		{
			"by name",
			sdk.ListEndpointsInput{SortBy: types.EndpointSortKeyName, SortOrder: types.OrderKeyAscending},
			[]string{"a", "b", "cat", "dog"},
		},
		{
			"by status",
			sdk.ListEndpointsInput{SortBy: types.EndpointSortKeyStatus, SortOrder: types.OrderKeyAscending},
			[]string{"dog", "a", "b", "cat"},
		},
		{"by part of the name", sdk.ListEndpointsInput{NameContains: aws.String("a")}, []string{"cat", "a"}},
		{"by status equal", sdk.ListEndpointsInput{StatusEquals: types.EndpointStatusCreating}, []string{"dog"}},
		{
			"after is included",
			sdk.ListEndpointsInput{CreationTimeAfter: aws.Time(epoch.Add(2 * time.Minute))},
			[]string{"dog", "cat"},
		},
		{"before is not", sdk.ListEndpointsInput{CreationTimeBefore: aws.Time(epoch.Add(time.Minute))}, []string{"b"}},
		{
			"modified",
			sdk.ListEndpointsInput{LastModifiedTimeAfter: aws.Time(epoch.Add(6 * time.Minute))},
			[]string{"cat", "a"},
		},
		{"none", sdk.ListEndpointsInput{NameContains: aws.String("zebra")}, []string{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, err := four(t).ListEndpoints(t.Context(), &test.in)
			require.NoError(t, err)
			assert.Equal(t, test.want, endpointNames(out))
			assert.Nil(t, out.NextToken)
		})
	}
}

func TestAListedEndpointHasItsStatusAndTimes(t *testing.T) {
	t.Parallel()
	out, err := four(t).ListEndpoints(t.Context(), &sdk.ListEndpointsInput{NameContains: aws.String("b")})
	require.NoError(t, err)
	require.Len(t, out.Endpoints, 1)
	assert.Equal(t, arnPrefix+"endpoint/b", *out.Endpoints[0].EndpointArn)
	assert.Equal(t, types.EndpointStatusInService, out.Endpoints[0].EndpointStatus)
	assert.Equal(t, epoch, out.Endpoints[0].CreationTime.UTC())
	assert.Equal(t, epoch.Add(5*time.Minute), out.Endpoints[0].LastModifiedTime.UTC())
}

func TestTokensLeadThroughAllPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 23 {
		w.model(fmt.Sprintf("m-%02d", i), repo+"m:1")
	}
	var sizes []int
	var names []string
	in := &sdk.ListModelsInput{SortBy: types.ModelSortKeyName, SortOrder: types.OrderKeyAscending}
	for {
		out, err := w.ListModels(t.Context(), in)
		require.NoError(t, err)
		sizes = append(sizes, len(out.Models))
		for _, m := range out.Models {
			names = append(names, *m.ModelName)
		}
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	assert.Equal(t, []int{10, 10, 3}, sizes)
	require.Len(t, names, 23)
	assert.Equal(t, "m-00", names[0])
	assert.Equal(t, "m-22", names[22])
	assert.IsIncreasing(t, names)
}

func TestListEndpointConfigsKeepsToMaxResults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.model("m", repo+"m:1")
	w.config("c1", variant("v"))
	w.config("c2", variant("v"))
	out, err := w.ListEndpointConfigs(t.Context(), &sdk.ListEndpointConfigsInput{MaxResults: aws.Int32(1)})
	require.NoError(t, err)
	require.Len(t, out.EndpointConfigs, 1)
	assert.Equal(t, "c2", *out.EndpointConfigs[0].EndpointConfigName)
	assert.Equal(t, arnPrefix+"endpoint-config/c2", *out.EndpointConfigs[0].EndpointConfigArn)
	assert.NotEmpty(t, *out.NextToken)
}
