package endpoint

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// volumeKey is the key for the volumes, the endpoint's own or else the stack's; nil for one of SageMaker's. SageMaker
// refuses a key for instances with disks of their own: there the stack's key is left out, and a key of the endpoint's
// own has been reported. A serverless variant takes one that is given (developer guide, "Create an endpoint
// configuration" of Serverless Inference).
func (a *Args) volumeKey() pulumi.StringPtrInput {
	switch {
	case a.Spec.KMSKeyARN != "":
		return pulumi.String(a.Spec.KMSKeyARN)
	case a.KMSKeyARN != nil && a.hasVolumes():
		return a.KMSKeyARN.ToStringOutput()
	}
	return nil
}

// objectKey is the key for what SageMaker writes to Amazon S3; nil for the bucket's default.
func (a *Args) objectKey() pulumi.StringPtrInput {
	if a.KMSKeyARN == nil {
		return nil
	}
	return a.KMSKeyARN.ToStringOutput()
}

// hasVolumes says that every variant has storage that SageMaker encrypts: none has instances with disks of their own.
func (a *Args) hasVolumes() bool {
	for i := range a.Variants {
		if !a.Variants[i].hasVolumes() {
			return false
		}
	}
	return a.Shadow == nil || a.Shadow.hasVolumes()
}

func (v *VariantSpec) hasVolumes() bool {
	return !v.InstanceType.HasLocalStorage()
}
