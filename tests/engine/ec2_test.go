package engine_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/stretchr/testify/require"
)

// ec2Item is one thing of EC2, with the properties of all kinds. EC2's SDK takes longer to compile than all others
// together, so EC2 is asked in its own protocol.
type ec2Item struct {
	VPC      string   `xml:"vpcId"`
	Subnet   string   `xml:"subnetId"`
	Zone     string   `xml:"availabilityZone"`
	Block    string   `xml:"cidrBlock"`
	Public   bool     `xml:"mapPublicIpOnLaunch"`
	Group    string   `xml:"groupId"`
	Name     string   `xml:"groupName"`
	State    string   `xml:"state"`
	Resource string   `xml:"resourceId"`
	Traffic  string   `xml:"trafficType"`
	Service  string   `xml:"serviceName"`
	Kind     string   `xml:"vpcEndpointType"`
	DNS      bool     `xml:"privateDnsEnabled"`
	Subnets  []string `xml:"subnetIdSet>item"`
	Groups   []string `xml:"groupSet>item>groupId"`
	Egress   bool     `xml:"isEgress"`
	Protocol string   `xml:"ipProtocol"`
	From     string   `xml:"fromPort"`
	To       string   `xml:"toPort"`
	Anywhere string   `xml:"cidrIpv4"`
	Other    string   `xml:"referencedGroupInfo>groupId"`
	List     string   `xml:"prefixListId"`
	Routes   []struct {
		Destination string `xml:"destinationCidrBlock"`
		NAT         string `xml:"natGatewayId"`
		Gateway     string `xml:"gatewayId"`
	} `xml:"routeSet>item"`
	Associations []string `xml:"associationSet>item>subnetId"`
}

// ec2 is what an action of EC2 lists, without what it remembers of the deleted.
func (w *world) ec2(action string) []ec2Item {
	w.tb.Helper()
	form := url.Values{"Action": {action}, "Version": {"2016-11-15"}}
	request, err := http.NewRequestWithContext(w.tb.Context(), http.MethodPost, w.aws.URL(),
		strings.NewReader(form.Encode()))
	require.NoError(w.tb, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/"+region+
		"/ec2/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.tb, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(w.tb, err)
	require.Equal(w.tb, http.StatusOK, response.StatusCode, "%s", body)
	var lists struct {
		Lists []struct {
			Items []ec2Item `xml:"item"`
		} `xml:",any"`
	}
	require.NoError(w.tb, xml.Unmarshal(body, &lists))
	var items []ec2Item
	for _, list := range lists.Lists {
		for _, item := range list.Items {
			if item.State != "deleted" {
				items = append(items, item)
			}
		}
	}
	return items
}
