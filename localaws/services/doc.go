// Package services is the folder of the AWS services that the local AWS answers itself, one package each.
package services
