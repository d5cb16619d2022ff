/// Every step of this module throws it: who takes the steps handles the error, and sees nothing else of the driver.
@_exported public import struct MongoDriver.StoreError
