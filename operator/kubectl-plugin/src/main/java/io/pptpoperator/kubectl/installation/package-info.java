/** Where the operator is installed, and whether one is running: what is known without asking it. */
package io.pptpoperator.kubectl.installation;
