/** Every Kubernetes object that a PptpServer is made of, as it shall be. Pure. */
package io.pptpoperator.operator.resource;
